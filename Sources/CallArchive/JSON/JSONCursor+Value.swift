extension JSONCursor {
    /// Reads one whole value, whatever it holds, and says where it lies.
    package mutating func value(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        skipSpace(bytes)
        guard offset < bytes.count else { throw JSONError(.truncated, at: offset) }
        switch bytes[offset] {
        case UInt8(ascii: "\""): return try string(bytes)
        case UInt8(ascii: "{"): return try container(.object, bytes)
        case UInt8(ascii: "["): return try container(.array, bytes)
        default: return try scalar(bytes)
        }
    }

    private mutating func scalar(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        switch bytes[offset] {
        case UInt8(ascii: "\""): return try string(bytes)
        case UInt8(ascii: "t"): return try word("true", .true, bytes)
        case UInt8(ascii: "f"): return try word("false", .false, bytes)
        case UInt8(ascii: "n"): return try word("null", .null, bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(bytes)
        default: throw JSONError(.unexpectedCharacter, at: offset)
        }
    }

    /// Walks a container without recursion, so that no input can exhaust the stack.
    private mutating func container(
        _ kind: JSONSlice.Kind, _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSONSlice {
        let start = offset
        let outside = depth
        // A bit for each open container, the innermost lowest; set for an object.
        var objects: UInt64 = 0
        walk: while true {
            skipSpace(bytes)
            guard offset < bytes.count else { throw JSONError(.truncated, at: offset) }
            switch bytes[offset] {
            case UInt8(ascii: "{"):
                if try enterObject(bytes) {
                    objects = objects << 1 | 1
                    _ = try key(bytes)
                    continue walk
                }
            case UInt8(ascii: "["):
                if try enterArray(bytes) {
                    objects = objects << 1
                    continue walk
                }
            default:
                _ = try scalar(bytes)
            }
            // A value has ended; the containers that end with it are left.
            while depth > outside {
                if objects & 1 == 1 {
                    if try hasNextMember(bytes) {
                        _ = try key(bytes)
                        continue walk
                    }
                } else if try hasNextElement(bytes) {
                    continue walk
                }
                objects >>= 1
            }
            return JSONSlice(kind, start..<offset)
        }
    }

    private mutating func word(
        _ text: StaticString, _ kind: JSONSlice.Kind, _ bytes: Span<UInt8>
    ) throws(JSONError) -> JSONSlice {
        let start = offset
        // A static string's bytes live as long as the program.
        let expected = unsafe Span(
            _unsafeElements: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
        for index in expected.indices {
            guard start + index < bytes.count else {
                throw JSONError(.truncated, at: bytes.count)
            }
            guard bytes[start + index] == expected[index] else {
                throw JSONError(.unexpectedCharacter, at: start + index)
            }
        }
        offset = start + expected.count
        return JSONSlice(kind, start..<offset)
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        let start = offset
        var index = start
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
            index += 1
        } else {
            try Self.digits(&index, bytes)
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            try Self.digits(&index, bytes)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count,
                bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")
            {
                index += 1
            }
            try Self.digits(&index, bytes)
        }
        if index < bytes.count, Self.isDigit(bytes[index]) {
            // A digit after a leading zero.
            throw JSONError(.badNumber, at: index)
        }
        offset = index
        return JSONSlice(.number, start..<index)
    }

    /// Skips one digit or more.
    private static func digits(_ index: inout Int, _ bytes: Span<UInt8>) throws(JSONError) {
        guard index < bytes.count else { throw JSONError(.truncated, at: index) }
        guard isDigit(bytes[index]) else { throw JSONError(.badNumber, at: index) }
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
}
