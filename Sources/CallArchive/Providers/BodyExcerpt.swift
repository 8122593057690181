/// A few words of an answer that is not what was asked for, fit for a message.
package enum BodyExcerpt {
    /// Characters at most.
    package static let longest = 200
    /// Looked at; more bytes can't be needed.
    private static let window = 8192

    /// Whether the first byte that is no white space opens a tag.
    package static func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
        bytes.first { !isSpace($0) } == UInt8(ascii: "<")
    }

    /// Plain text as it stands, a page for a browser without its tags; printable, one line.
    package static func text(_ bytes: [UInt8]) -> String {
        looksLikeHTML(bytes)
            ? printable(withoutTags(bytes.prefix(window))) : printable(bytes)
    }

    /// One line of at most 200 characters; whatever steers a terminal becomes a space.
    package static func printable(_ bytes: [UInt8]) -> String {
        var text = ""
        var count = 0
        var gap = false
        for character in String(decoding: bytes.prefix(window), as: UTF8.self) {
            guard isPrintable(character) else {
                gap = !text.isEmpty
                continue
            }
            guard count + (gap ? 1 : 0) < longest else { return text + "…" }
            if gap {
                text.append(" ")
                count += 1
                gap = false
            }
            text.append(character)
            count += 1
        }
        return text
    }

    private static func isPrintable(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator,
                .privateUse, .surrogate, .unassigned:
                false
            default: true
            }
        }
    }

    /// Each tag becomes a space; what stands in `script` and `style` is left out.
    private static func withoutTags(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var rest = bytes
        var hidden = false
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "<") else {
                if !hidden { output.append(byte) }
                continue
            }
            let tag = rest.prefix { $0 != UInt8(ascii: ">") }
            rest = rest.dropFirst(tag.count + 1)
            let name = String(decoding: tag.prefix(6), as: UTF8.self).lowercased()
            if name.hasPrefix("script") || name.hasPrefix("style") { hidden = true }
            if name.hasPrefix("/") { hidden = false }
            output.append(UInt8(ascii: " "))
        }
        return output
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
