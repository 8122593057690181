extension JSONCursor {
    /// Reads a string from its opening quote to its closing one.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> JSONSlice {
        let start = offset
        var index = start + 1
        var hasEscapes = false
        while true {
            index = JSONBytes.skipPlain(bytes, from: index)
            guard index < bytes.count else { throw JSONError(.truncated, at: bytes.count) }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                offset = index + 1
                return JSONSlice(.string, start..<offset, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try Self.skipEscape(&index, bytes)
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: index)
            default:
                try Self.skipMultibyte(&index, bytes)
            }
        }
    }

    private static func skipEscape(
        _ index: inout Int, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        guard index + 1 < bytes.count else { throw JSONError(.truncated, at: bytes.count) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            for digit in index + 2..<index + 6 {
                guard digit < bytes.count else { throw JSONError(.truncated, at: bytes.count) }
                guard JSONEscapes.hexValue(bytes[digit]) != nil else {
                    throw JSONError(.badEscape, at: digit)
                }
            }
            index += 6
        default:
            throw JSONError(.badEscape, at: index + 1)
        }
    }

    /// Skips one character of two to four bytes: no overlong form, no surrogate, none over U+10FFFF.
    private static func skipMultibyte(
        _ index: inout Int, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        let start = index
        let length: Int
        // The second byte's range is where the bad forms are told apart.
        let second: ClosedRange<UInt8>
        switch bytes[index] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidUTF8, at: start)
        }
        for offset in 1..<length {
            guard start + offset < bytes.count else {
                throw JSONError(.truncated, at: bytes.count)
            }
            let allowed = offset == 1 ? second : 0x80...0xBF
            guard allowed.contains(bytes[start + offset]) else {
                throw JSONError(.invalidUTF8, at: start)
            }
        }
        index = start + length
    }
}
