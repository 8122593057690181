package import CallArchive

/// A JSON value whose members keep their order.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])
    /// Already JSON.
    case encoded([UInt8])

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package static func integer(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    package static func string(_ value: String?) -> JSONValue {
        value.map { text in JSONValue.string(text) } ?? .null
    }

    /// Already JSON, from one of the manifest's writers.
    package static func encoded(_ write: (inout JSONText) -> Void) -> JSONValue {
        var text = JSONText()
        write(&text)
        return .encoded(text.bytes)
    }

    /// One line of UTF-8 with its line feed, safe to show on a terminal.
    package var line: [UInt8] {
        var text = JSONText()
        append(to: &text)
        var bytes = Self.shown(text.bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private func append(to text: inout JSONText) {
        switch self {
        case .null: text.null()
        case .bool(let value): text.boolean(value)
        case .integer(let value): text.integer(value)
        case .number(let value): text.decimal(value)
        case .string(let value): text.string(value)
        case .encoded(let json): text.append(json.span)
        case .array(let values):
            text.raw("[")
            for (index, value) in values.enumerated() {
                if index > 0 { text.raw(",") }
                value.append(to: &text)
            }
            text.raw("]")
        case .object(let members):
            text.raw("{")
            for (index, member) in members.enumerated() {
                if index > 0 { text.raw(",") }
                text.string(member.name)
                text.raw(":")
                member.value.append(to: &text)
            }
            text.raw("}")
        }
    }

    /// Escapes what JSON allows and a terminal obeys or doesn't show: DEL, the C1 controls, and
    /// characters that are invisible or change the direction.
    ///
    /// They can only stand in strings, so the meaning stays the same.
    private static func shown(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 >= 0x7f }) else { return json }
        var result: [UInt8] = []
        result.reserveCapacity(json.count)
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            guard scalar.value >= 0x7f, isDangerous(scalar) else {
                result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                continue
            }
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                let hex = String(unit, radix: 16)
                result += (#"\u"# + String(repeating: "0", count: 4 - hex.count) + hex).utf8
            }
        }
        return result
    }
}
