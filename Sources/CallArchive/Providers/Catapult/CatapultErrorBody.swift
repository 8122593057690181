/// What the provider says of an error: `{category, code, message, details: [{name, value}]}`.
///
/// Every member may be missing. Source: the provider's documentation of errors.
package struct CatapultErrorBody: Sendable, Equatable {
    package struct Detail: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var category: String?
    package var code: String?
    package var message: String?
    package var details: [Detail] = []

    /// nil when the bytes are no JSON object; members of a wrong type are left out.
    package init?(_ bytes: [UInt8]) {
        let span = bytes.span
        var cursor = JSONCursor()
        guard cursor.peek(span) == .object, (try? read(&cursor, span)) != nil else { return nil }
    }

    private mutating func read(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        guard try cursor.enterObject(bytes) else { return try cursor.expectEnd(bytes) }
        repeat {
            let key = try cursor.key(bytes)
            if key.equals("details", in: bytes), cursor.peek(bytes) == .array {
                try readDetails(&cursor, bytes)
                continue
            }
            let value = try cursor.value(bytes)
            if key.equals("category", in: bytes) {
                category = value.stringOrNumber(in: bytes)
            } else if key.equals("code", in: bytes) {
                code = value.stringOrNumber(in: bytes)
            } else if key.equals("message", in: bytes) {
                message = value.stringOrNumber(in: bytes)
            }
        } while try cursor.hasNextMember(bytes)
        try cursor.expectEnd(bytes)
    }

    private mutating func readDetails(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        guard try cursor.enterArray(bytes) else { return }
        repeat {
            guard cursor.peek(bytes) == .object else {
                _ = try cursor.value(bytes)
                continue
            }
            if let detail = try Self.detail(&cursor, bytes) { details.append(detail) }
        } while try cursor.hasNextElement(bytes)
    }

    private static func detail(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Detail? {
        var name: String?
        var text: String?
        guard try cursor.enterObject(bytes) else { return nil }
        repeat {
            let key = try cursor.key(bytes)
            let value = try cursor.value(bytes)
            if key.equals("name", in: bytes) { name = value.stringOrNumber(in: bytes) }
            if key.equals("value", in: bytes) { text = value.stringOrNumber(in: bytes) }
        } while try cursor.hasNextMember(bytes)
        guard let name else { return nil }
        return Detail(name: name, value: text ?? "")
    }
}

extension CatapultErrorBody: CustomStringConvertible {
    /// `code: message`, or as much of it as there is; always printable.
    package var description: String {
        let parts = [code ?? category, message].compactMap { $0 }.map {
            BodyExcerpt.printable(Array($0.utf8))
        }.filter { !$0.isEmpty }
        return parts.isEmpty ? "an error without code and message" : parts.joined(separator: ": ")
    }
}
