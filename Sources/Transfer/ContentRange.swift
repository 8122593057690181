/// The `Content-Range` header of a partial answer (206), or of one that refuses a range (416).
package enum ContentRange: Sendable, Equatable {
    /// Bytes `first` to `last`, both included; the total is nil when the server doesn't tell it.
    case bytes(first: Int64, last: Int64, total: Int64?)
    /// `*/total`: no byte of what was asked for exists.
    case unsatisfied(total: Int64)

    /// nil for other units, malformed numbers, ones too large, and ranges that contradict.
    package init?(_ value: String) {
        var rest = value.utf8.drop(while: Self.isSpace)
        let unit = rest.prefix { !Self.isSpace($0) }
        guard Substring(unit).lowercased() == "bytes" else { return nil }
        rest = rest.dropFirst(unit.count)
        guard Self.isSpace(rest.first ?? 0) else { return nil }
        rest = rest.drop(while: Self.isSpace)
        let parts = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let range = Self.trimmed(parts[0])
        let whole = Self.trimmed(parts[1])
        let isUnknown = whole.elementsEqual("*".utf8)
        let total = Self.number(whole)
        guard isUnknown || total != nil else { return nil }
        if range.elementsEqual("*".utf8) {
            guard let total else { return nil }
            self = .unsatisfied(total: total)
            return
        }
        let ends = range.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(Self.trimmed(ends[0])),
            let last = Self.number(Self.trimmed(ends[1])), first <= last,
            total.map({ last < $0 }) ?? true
        else { return nil }
        self = .bytes(first: first, last: last, total: total)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return text
    }

    /// Digits only, no sign.
    private static func number(_ text: Substring.UTF8View) -> Int64? {
        guard !text.isEmpty, text.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else { return nil }
        return Int64(Substring(text))
    }
}
