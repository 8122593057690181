/// One link of a `Link` header, as RFC 8288 defines it.
package struct WebLink: Sendable, Equatable {
    /// What stands between `<` and `>`, not resolved.
    package var target: String
    /// The relation types, lower case.
    package var relations: [String]
    /// It speaks of another context than the page it came with.
    package var hasAnchor: Bool

    package init(target: String, relations: [String], hasAnchor: Bool = false) {
        self.target = target
        self.relations = relations
        self.hasAnchor = hasAnchor
    }
}

/// The links of all `Link` fields of one answer.
package struct WebLinks: Sendable, Equatable {
    package var links: [WebLink] = []
    /// A field was malformed from some place on: a link may have been missed.
    package var isMalformed = false

    /// Reads the fields' values in their order.
    package init(fields: [String]) {
        for field in fields {
            var parser = WebLinkParser(field)
            while let link = parser.next() { links.append(link) }
            if parser.isMalformed { isMalformed = true }
        }
    }
}

/// Walks one field's value, byte by byte.
private struct WebLinkParser {
    private let bytes: [UInt8]
    private var index = 0
    private(set) var isMalformed = false

    init(_ field: String) {
        bytes = Array(field.utf8)
    }

    /// The next link; nil at the end and where the field is malformed.
    mutating func next() -> WebLink? {
        while skipSpace() == UInt8(ascii: ",") { index += 1 }
        guard let byte = current else { return nil }
        guard byte == UInt8(ascii: "<"),
            let end = bytes[index...].firstIndex(of: UInt8(ascii: ">"))
        else { return fail() }
        var link = WebLink(target: text(index + 1..<end), relations: [])
        var hasRelation = false
        index = end + 1
        while let byte = skipSpace(), byte != UInt8(ascii: ",") {
            guard byte == UInt8(ascii: ";") else { return fail() }
            index += 1
            guard let (name, value) = parameter() else {
                if isMalformed { return nil }
                continue
            }
            // The first `rel` counts, later ones don't.
            if name == "rel", !hasRelation {
                hasRelation = true
                link.relations = value.split(whereSeparator: { $0 == " " || $0 == "\t" })
                    .map { $0.lowercased() }
            }
            if name == "anchor" { link.hasAnchor = true }
        }
        return link
    }

    /// Reads a name and its value; nil for an empty one, as in `;;`.
    private mutating func parameter() -> (name: String, value: String)? {
        _ = skipSpace()
        let start = index
        while let byte = current, !Self.endsName(byte) { index += 1 }
        let name = text(start..<index).lowercased()
        guard skipSpace() == UInt8(ascii: "=") else { return name.isEmpty ? nil : (name, "") }
        index += 1
        guard skipSpace() == UInt8(ascii: "\"") else {
            let start = index
            while let byte = current, !Self.endsToken(byte) { index += 1 }
            return (name, text(start..<index))
        }
        guard let value = quotedString() else { return nil }
        return (name, value)
    }

    private mutating func quotedString() -> String? {
        index += 1
        var value: [UInt8] = []
        while var byte = current, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                index += 1
                guard let escaped = current else { break }
                byte = escaped
            }
            value.append(byte)
            index += 1
        }
        guard current != nil else {
            isMalformed = true
            return nil
        }
        index += 1
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func fail() -> WebLink? {
        isMalformed = true
        return nil
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Skips white space and gives the byte behind it.
    @discardableResult
    private mutating func skipSpace() -> UInt8? {
        while let byte = current, Self.isSpace(byte) { index += 1 }
        return current
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func endsToken(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",")
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        endsToken(byte) || byte == UInt8(ascii: "=")
    }
}
