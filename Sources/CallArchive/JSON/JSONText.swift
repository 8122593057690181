package import Platform

/// A JSON text being written, byte by byte, without white space of its own.
package struct JSONText: Sendable {
    // An array that is appended to takes a hundred instructions for each piece, however short.
    /// The text is its first `count` bytes.
    private var room: [UInt8]
    private var count = 0

    package init(reserving capacity: Int = 512) {
        room = [UInt8](repeating: 0, count: max(16, capacity))
    }

    /// A copy of the text.
    package var bytes: [UInt8] { Array(room[..<count]) }

    /// Calls `body` with the text where it lies.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe room.withUnsafeBufferPointer { room throws(Failure) in
            try unsafe body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: room[..<count])))
        }
    }

    /// Forgets the text and keeps its memory.
    package mutating func removeAll() {
        count = 0
    }

    /// Appends bytes that are JSON already.
    package mutating func raw(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        unsafe put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// A member's name and its colon; names are the program's own and need no escapes.
    package mutating func key(_ name: StaticString) {
        key(name, isFirst: true)
    }

    /// The same behind another member.
    package mutating func nextKey(_ name: StaticString) {
        key(name, isFirst: false)
    }

    @inline(__always)
    private mutating func key(_ name: StaticString, isFirst: Bool) {
        let length = name.utf8CodeUnitCount
        reserve(length &+ 4)
        var end = count
        precondition(end &+ length &+ 4 <= room.count)
        // At once: each access looks whether the memory is shared.
        unsafe room.withUnsafeMutableBytes { room in
            if !isFirst {
                unsafe room[end] = UInt8(ascii: ",")
                end &+= 1
            }
            unsafe room[end] = UInt8(ascii: "\"")
            unsafe UnsafeMutableRawBufferPointer(rebasing: room[(end &+ 1)...])
                .copyMemory(from: UnsafeRawBufferPointer(start: name.utf8Start, count: length))
            end &+= length &+ 1
            unsafe room[end] = UInt8(ascii: "\"")
            unsafe room[end &+ 1] = UInt8(ascii: ":")
        }
        count = end &+ 2
    }

    /// Appends one byte.
    mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    /// Makes room for so many more bytes.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if room.count &- count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        room.append(contentsOf: repeatElement(0, count: max(more, room.count)))
    }

    /// Where there is room.
    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        room[count] = byte
        count &+= 1
    }

    /// Where there is room, of which they are no part.
    @inline(__always)
    private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        let start = count
        precondition(start &+ bytes.count <= room.count)
        guard let base = bytes.baseAddress else { return }
        unsafe room.withUnsafeMutableBytes { room in
            // In bounds, as was just seen; the source outlives the call.
            unsafe UnsafeMutableRawBufferPointer(rebasing: room[start...])
                .copyMemory(from: UnsafeRawBufferPointer(start: base, count: bytes.count))
        }
        count = start &+ bytes.count
    }

    package mutating func null() { raw("null") }

    package mutating func boolean(_ value: Bool) { raw(value ? "true" : "false") }

    package mutating func integer(_ value: some BinaryInteger) {
        guard let small = Int64(exactly: value) else {
            for byte in String(value).utf8 { append(byte) }
            return
        }
        if small < 0 { append(UInt8(ascii: "-")) }
        digits(small.magnitude)
    }

    mutating func digits(_ value: UInt64) {
        // As many as the largest has, from the last one on.
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var start = digits.count
        var rest = value
        repeat {
            start &-= 1
            digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(digits.span.extracting(start..<digits.count))
    }

    /// A string; what JSON must escape is escaped, and DEL and the line ends U+2028 and U+2029
    /// stay as they are.
    package mutating func string(_ value: String) {
        append(UInt8(ascii: "\""))
        escaped(value.utf8Span.span, isValid: true)
        append(UInt8(ascii: "\""))
    }

    /// A string of UTF-8; bytes that are none, as a damaged catalog may have them, become U+FFFD.
    package mutating func string(utf8 text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        escaped(text, isValid: false)
        append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ text: Span<UInt8>, isValid: Bool) {
        var start = 0
        while true {
            let end =
                isValid
                ? Self.skipUnescaped(text, from: start) : JSONBytes.skipPlain(text, from: start)
            append(text.extracting(start..<end))
            guard end < text.count else { return }
            guard isValid || text[end] < 0x80 else {
                return repaired(text.extracting(end..<text.count))
            }
            escape(text[end])
            start = end + 1
        }
    }

    /// The rest of a text, from its first byte on that is not ASCII.
    private mutating func repaired(_ text: Span<UInt8>) {
        var valid = unsafe text.withUnsafeBufferPointer {
            unsafe String(decoding: $0, as: UTF8.self)
        }
        valid.withUTF8 { buffer in
            // The buffer outlives the call, which copies.
            unsafe escaped(Span(_unsafeElements: buffer), isValid: true)
        }
    }

    /// A string of hex digits, lower case.
    package mutating func hex(_ value: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        hexDigits(value)
        append(UInt8(ascii: "\""))
    }

    /// Hex digits alone, lower case.
    package mutating func hexDigits(_ value: Span<UInt8>) {
        Hex.withDigits(value) { append($0) }
    }

    /// A string that is a moment: `2026-01-02T03:04:05Z`.
    package mutating func time(_ value: Timestamp) {
        append(UInt8(ascii: "\""))
        var text: [UInt8] = []
        text.reserveCapacity(24)
        value.appendISO8601(to: &text)
        append(text.span)
        append(UInt8(ascii: "\""))
    }

    package mutating func append(_ span: Span<UInt8>) {
        reserve(span.count)
        // The buffer is copied before the closure ends.
        unsafe span.withUnsafeBufferPointer { unsafe put($0) }
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
            append(Hex.digit(byte >> 4))
            append(Hex.digit(byte & 15))
        }
    }
}
