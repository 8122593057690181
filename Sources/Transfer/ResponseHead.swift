import Glibc

/// Status and header fields of a response, as they came; looked up when asked for.
package struct ResponseHead: Sendable {
    package var status: Int
    /// The header lines, each ended by LF, the status line not among them.
    private var lines: [UInt8] = []

    package init(status: Int) {
        self.status = status
        lines.reserveCapacity(512)
    }

    /// Bytes held.
    package var size: Int { lines.count }

    /// Adds one line as received.
    package mutating func append(_ line: UnsafeRawBufferPointer) {
        unsafe lines.append(contentsOf: line)
        if lines.last != UInt8(ascii: "\n") { lines.append(UInt8(ascii: "\n")) }
    }

    /// Adds one field; for tests and simulated responses.
    package mutating func append(name: String, value: String) {
        lines.append(contentsOf: "\(name): \(value)\r\n".utf8)
    }

    /// The first field of this name (lower case), trimmed; nil when there is none.
    package func first(_ name: StaticString) -> String? {
        var found: String?
        unsafe forEach(name) { value in
            unsafe found = String(decoding: value, as: UTF8.self)
            return false
        }
        return found
    }

    /// All fields of this name (lower case), in their order.
    package func all(_ name: StaticString) -> [String] {
        var found: [String] = []
        unsafe forEach(name) { value in
            unsafe found.append(String(decoding: value, as: UTF8.self))
            return true
        }
        return found
    }

    /// Whether there is a field of one of these names (lower case).
    package func hasField(_ names: [StaticString]) -> Bool {
        var isThere = false
        unsafe forEachLine { lines, start, end in
            isThere = names.contains { name in
                name.withUTF8Buffer { unsafe Self.matches($0, lines, start, end) }
            }
            return !isThere
        }
        return isThere
    }

    /// Calls `body` with each such field's trimmed bytes until it says false.
    private func forEach(_ name: StaticString, _ body: (UnsafeRawBufferPointer) -> Bool) {
        name.withUTF8Buffer { name in
            unsafe forEachLine { lines, start, end in
                guard unsafe Self.matches(name, lines, start, end) else { return true }
                var from = start + name.count + 1
                var to = end
                while unsafe from < to && Self.isBlank(lines[from]) { from += 1 }
                while unsafe to > from && Self.isBlank(lines[to - 1]) { to -= 1 }
                return unsafe body(UnsafeRawBufferPointer(rebasing: lines[from..<to]))
            }
        }
    }

    /// Calls `body` with all lines and where each begins and ends, until it says false.
    private func forEachLine(_ body: (UnsafeRawBufferPointer, Int, Int) -> Bool) {
        unsafe lines.withUnsafeBytes { lines in
            var start = 0
            while start < lines.count {
                let end = unsafe Self.endOfLine(lines, from: start)
                guard unsafe body(lines, start, end) else { return }
                start = end + 1
            }
        }
    }

    private static func endOfLine(_ lines: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = lines.baseAddress,
            let end = unsafe memchr(base + start, Int32(UInt8(ascii: "\n")), lines.count - start)
        else { return lines.count }
        return unsafe UnsafeRawPointer(end) - base
    }

    private static func matches(
        _ name: UnsafeBufferPointer<UInt8>, _ lines: UnsafeRawBufferPointer, _ start: Int,
        _ end: Int
    ) -> Bool {
        guard end - start > name.count, unsafe lines[start + name.count] == UInt8(ascii: ":")
        else { return false }
        for index in 0..<name.count {
            var byte = unsafe lines[start + index]
            if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { byte |= 0x20 }
            if unsafe byte != name[index] { return false }
        }
        return true
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    /// The declared length of the body; nil when absent or no plain number.
    package var contentLength: Int64? {
        first("content-length").flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}
