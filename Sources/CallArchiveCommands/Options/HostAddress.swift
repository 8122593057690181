/// `host`, `host:port` or `[address]:port`, checked by its characters.
package struct HostAddress: Equatable {
    /// Lower case, without brackets.
    package let host: String
    package let port: Int?

    package init?(_ text: Substring) {
        let name: Substring
        var rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            name = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            let hex = name.utf8.allSatisfy { byte in
                byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                    || Character(UnicodeScalar(byte)).isHexDigit
            }
            guard hex, name.utf8.count(where: { $0 == UInt8(ascii: ":") }) >= 2 else { return nil }
        } else {
            name = text.prefix { $0 != ":" }
            rest = text[name.endIndex...]
            guard Self.isName(name) else { return nil }
        }
        host = name.lowercased()
        if rest.isEmpty {
            port = nil
        } else {
            guard rest.popFirst() == ":", rest.first?.isNumber == true, rest.count <= 5,
                let number = Int(rest), (1...65535).contains(number)
            else { return nil }
            port = number
        }
    }

    /// Labels of letters, digits, dashes and underscores.
    private static func isName(_ name: Substring) -> Bool {
        guard name.utf8.count <= 253 else { return false }
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        // A name may end in a dot: it is then complete.
        if labels.count > 1, labels.last == "" { labels.removeLast() }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-"
                && label.utf8.allSatisfy { byte in
                    let character = Character(UnicodeScalar(byte))
                    return byte < 0x80
                        && (character.isLetter || character.isNumber || "-_".contains(character))
                }
        }
    }
}
