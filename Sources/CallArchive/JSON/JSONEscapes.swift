/// Resolves the escapes of a JSON string whose grammar was checked.
enum JSONEscapes {
    /// nil when half a surrogate pair stands alone: no text can hold it.
    static func decode(_ range: Range<Int>, of bytes: Span<UInt8>) -> String? {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                output.append(byte)
                index += 1
                continue
            }
            let letter = bytes[index + 1]
            index += 2
            if letter != UInt8(ascii: "u") {
                output.append(unescaped(letter))
                continue
            }
            guard let scalar = scalar(at: &index, end: range.upperBound, of: bytes) else {
                return nil
            }
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func unescaped(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// Reads four hex digits at `index`, and the second half of a pair when there is one.
    private static func scalar(
        at index: inout Int, end: Int, of bytes: Span<UInt8>
    ) -> Unicode.Scalar? {
        let first = unit(at: index, of: bytes)
        index += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), end - index >= 6,
            bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { return nil }
        let second = unit(at: index + 2, of: bytes)
        guard UTF16.isTrailSurrogate(second) else { return nil }
        index += 6
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    }

    private static func unit(at index: Int, of bytes: Span<UInt8>) -> UInt16 {
        var value: UInt16 = 0
        for offset in 0..<4 { value = value << 4 | UInt16(hexValue(bytes[index + offset]) ?? 0) }
        return value
    }

    /// The value of a hex digit of either case.
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
