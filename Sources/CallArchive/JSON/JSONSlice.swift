import Glibc

/// Where one valid JSON value lies in its text; costs no allocation until it is decoded.
///
/// It is of use only with the bytes it was read from.
package struct JSONSlice: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        case object, array, string, number, `true`, `false`, null

        /// As a message names it.
        package var word: String {
            switch self {
            case .object: "an object"
            case .array: "an array"
            case .string: "a string"
            case .number: "a number"
            case .true, .false: "a boolean"
            case .null: "null"
            }
        }
    }

    package var kind: Kind
    /// A string that has a backslash in it.
    package var hasEscapes: Bool
    /// All bytes of the value, a string's quotes among them.
    package var range: Range<Int>

    package init(_ kind: Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
        self.kind = kind
        self.range = range
        self.hasEscapes = hasEscapes
    }

    package var isNull: Bool { kind == .null }

    /// A string's bytes between its quotes, escapes as they stand.
    package var content: Range<Int> {
        kind == .string ? range.lowerBound + 1..<range.upperBound - 1 : range
    }
}

extension JSONSlice {
    /// The text of a string, its escapes resolved; nil for other kinds and for half a surrogate pair.
    package func string(in bytes: Span<UInt8>) -> String? {
        guard kind == .string else { return nil }
        guard hasEscapes else { return Self.text(content, of: bytes) }
        return JSONEscapes.decode(content, of: bytes)
    }

    /// A string's text, or a number's digits as they stand.
    package func stringOrNumber(in bytes: Span<UInt8>) -> String? {
        kind == .number ? Self.text(range, of: bytes) : string(in: bytes)
    }

    package var boolean: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// A number without fraction and exponent that fits.
    package func integer(in bytes: Span<UInt8>) -> Int64? {
        guard kind == .number else { return nil }
        let negative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (negative ? range.lowerBound + 1 : range.lowerBound)..<range.upperBound {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            // Built below zero, where the smallest integer has its room.
            let (sum, overflow2) = product.subtractingReportingOverflow(Int64(digit))
            guard !overflow, !overflow2 else { return nil }
            value = sum
        }
        if negative { return value }
        return value == .min ? nil : -value
    }

    /// Any number that is finite as a double.
    package func double(in bytes: Span<UInt8>) -> Double? {
        guard kind == .number, let value = Double(Self.text(range, of: bytes)), value.isFinite
        else { return nil }
        return value
    }

    /// Whether it is a string with exactly this text.
    @inline(__always)
    package func equals(_ text: StaticString, in bytes: Span<UInt8>) -> Bool {
        // Most names are told by their length, with both quotes.
        if !hasEscapes, range.count != text.utf8CodeUnitCount &+ 2 { return false }
        return isEqual(text, bytes)
    }

    private func isEqual(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
        guard kind == .string else { return false }
        if hasEscapes { return string(in: bytes) == text.description }
        let content = content
        // It is, of a string without escapes; `memcmp` relies on it.
        guard content.count == text.utf8CodeUnitCount else { return false }
        return unsafe bytes.extracting(content).withUnsafeBufferPointer { content in
            // As long as each other; a static string's bytes live as long as the program.
            guard let start = content.baseAddress else { return true }
            return unsafe memcmp(start, text.utf8Start, content.count) == 0
        }
    }

    /// The bytes are known to be UTF-8: the cursor checked them.
    static func text(_ range: Range<Int>, of bytes: Span<UInt8>) -> String {
        // The buffer is copied before the closure ends.
        unsafe bytes.extracting(range).withUnsafeBufferPointer { buffer in
            unsafe String(decoding: buffer, as: UTF8.self)
        }
    }
}
