/// A place in a JSON text; walks it value by value and checks each byte against RFC 8259.
///
/// The bytes are passed to every call and must be the same ones. To walk an array:
/// ```
/// if try cursor.enterArray(bytes) {
///     repeat { let value = try cursor.value(bytes) } while try cursor.hasNextElement(bytes)
/// }
/// ```
/// An object likewise, with `enterObject`, `key` and `hasNextMember`. A value's inside may be
/// walked by entering it instead of calling `value`. Half a surrogate pair (`"\ud800"`) is valid
/// by the grammar; it is refused when the string is decoded. Containers nest 64 deep at most.
package struct JSONCursor: Sendable {
    /// Of the next byte to be read.
    package internal(set) var offset = 0
    /// Containers entered and not left.
    var depth = 0

    static let deepest = 64

    package init() {}

    /// What the next value is by its first byte; nil at the end or when nothing begins so.
    package mutating func peek(_ bytes: Span<UInt8>) -> JSONSlice.Kind? {
        skipSpace(bytes)
        guard offset < bytes.count else { return nil }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"): return .true
        case UInt8(ascii: "f"): return .false
        case UInt8(ascii: "n"): return .null
        default: return nil
        }
    }

    /// Steps into an array; false when it is empty, which leaves it again.
    package mutating func enterArray(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try enter(UInt8(ascii: "["), closing: UInt8(ascii: "]"), bytes)
    }

    /// Steps into an object; false when it is empty, which leaves it again.
    package mutating func enterObject(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try enter(UInt8(ascii: "{"), closing: UInt8(ascii: "}"), bytes)
    }

    /// After an element: true over a comma, false over the end of the array.
    package mutating func hasNextElement(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try next(closing: UInt8(ascii: "]"), bytes)
    }

    /// After a member: true over a comma, false over the end of the object.
    package mutating func hasNextMember(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try next(closing: UInt8(ascii: "}"), bytes)
    }

    /// Reads a member's name and its colon.
    package mutating func key(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        skipSpace(bytes)
        guard offset < bytes.count else { throw JSONError(.truncated, at: offset) }
        guard bytes[offset] == UInt8(ascii: "\"") else {
            throw JSONError(.unexpectedCharacter, at: offset)
        }
        let key = try string(bytes)
        skipSpace(bytes)
        guard offset < bytes.count else { throw JSONError(.truncated, at: offset) }
        guard bytes[offset] == UInt8(ascii: ":") else {
            throw JSONError(.unexpectedCharacter, at: offset)
        }
        offset += 1
        return key
    }

    /// Skips a UTF-8 byte order mark at the very beginning, which some servers write.
    package mutating func skipByteOrderMark(_ bytes: Span<UInt8>) {
        guard offset == 0, bytes.count >= 3 else { return }
        if bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { offset = 3 }
    }

    /// Checks that only white space is left.
    package mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONError) {
        skipSpace(bytes)
        guard offset == bytes.count else { throw JSONError(.trailingBytes, at: offset) }
    }

    private mutating func enter(
        _ opening: UInt8, closing: UInt8, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Bool {
        skipSpace(bytes)
        guard offset < bytes.count else { throw JSONError(.truncated, at: offset) }
        guard bytes[offset] == opening else { throw JSONError(.unexpectedCharacter, at: offset) }
        guard depth < Self.deepest else { throw JSONError(.tooDeep, at: offset) }
        offset += 1
        skipSpace(bytes)
        if offset < bytes.count, bytes[offset] == closing {
            offset += 1
            return false
        }
        depth += 1
        return true
    }

    private mutating func next(closing: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        skipSpace(bytes)
        guard offset < bytes.count else { throw JSONError(.truncated, at: offset) }
        switch bytes[offset] {
        case UInt8(ascii: ","):
            offset += 1
            return true
        case closing:
            offset += 1
            depth -= 1
            return false
        default:
            throw JSONError(.unexpectedCharacter, at: offset)
        }
    }

    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }
}
