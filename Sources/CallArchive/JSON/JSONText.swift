package import Platform

/// A JSON text being written, byte by byte, without white space of its own.
package struct JSONText: Sendable {
    package var bytes: [UInt8]

    package init(reserving capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Appends bytes that are JSON already.
    package mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { buffer in
            // Copied before the closure ends.
            unsafe bytes.append(contentsOf: buffer)
        }
    }

    /// A member's name and its colon; names are the program's own and need no escapes.
    package mutating func key(_ name: StaticString) {
        bytes.append(UInt8(ascii: "\""))
        raw(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// The same behind another member.
    package mutating func nextKey(_ name: StaticString) {
        bytes.append(UInt8(ascii: ","))
        key(name)
    }

    package mutating func null() { raw("null") }

    package mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }

    package mutating func integer(_ value: some BinaryInteger) {
        guard let small = Int64(exactly: value) else {
            bytes.append(contentsOf: String(value).utf8)
            return
        }
        if small < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(small.magnitude)
    }

    mutating func digits(_ value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }

    /// A string; what JSON must escape is escaped, and DEL and the line ends U+2028 and U+2029
    /// stay as they are.
    package mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { buffer in
            // The buffer outlives the call, which copies.
            unsafe string(utf8: Span(_unsafeElements: buffer))
        }
    }

    /// A string of bytes that are UTF-8.
    package mutating func string(utf8 text: Span<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        while true {
            let end = Self.skipUnescaped(text, from: start)
            append(text.extracting(start..<end))
            guard end < text.count else { break }
            escape(text[end])
            start = end + 1
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string of hex digits, lower case.
    package mutating func hex(_ value: Span<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        hexDigits(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Hex digits alone, lower case.
    package mutating func hexDigits(_ value: Span<UInt8>) {
        Hex.withDigits(value) { append($0) }
    }

    /// A string that is a moment: `2026-01-02T03:04:05Z`.
    package mutating func time(_ value: Timestamp) {
        bytes.append(UInt8(ascii: "\""))
        value.appendISO8601(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func append(_ span: Span<UInt8>) {
        // The buffer is copied before the closure ends.
        unsafe span.withUnsafeBufferPointer { buffer in
            unsafe bytes.append(contentsOf: buffer)
        }
    }

    private static func skipUnescaped(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while true {
            index = JSONBytes.skipPlain(text, from: index)
            // What is not ASCII needs no escape.
            guard index < text.count, text[index] >= 0x80 else { return index }
            index += 1
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x08: raw("\\b")
        case 0x09: raw("\\t")
        case 0x0A: raw("\\n")
        case 0x0C: raw("\\f")
        case 0x0D: raw("\\r")
        default:
            raw("\\u00")
            bytes.append(Hex.digit(byte >> 4))
            bytes.append(Hex.digit(byte & 15))
        }
    }
}
