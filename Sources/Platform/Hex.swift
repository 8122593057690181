/// Bytes as lower-case hex digits and back.
package enum Hex {
    package static func text(_ bytes: [UInt8]) -> String {
        text(bytes.span)
    }

    package static func text(_ bytes: Span<UInt8>) -> String {
        unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { digits in
            unsafe write(bytes, to: digits)
            return bytes.count * 2
        }
    }

    /// Calls `body` with the digits of bytes; they are nowhere but on the stack.
    package static func withDigits(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        let count = bytes.count * 2
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { digits in
            unsafe write(bytes, to: digits)
            unsafe body(Span(_unsafeElements: UnsafeBufferPointer(digits)))
        }
    }

    /// Two digits for each byte; there is room for them.
    private static func write(_ bytes: Span<UInt8>, to digits: UnsafeMutableBufferPointer<UInt8>) {
        for index in 0..<bytes.count {
            unsafe digits.initializeElement(at: 2 * index, to: digit(bytes[index] >> 4))
            unsafe digits.initializeElement(at: 2 * index + 1, to: digit(bytes[index] & 15))
        }
    }

    /// The digit for 0 to 15.
    package static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// nil unless an even number of hex digits.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else {
                return nil
            }
            result.append(high << 4 | low)
        }
        return result
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
