/// Status and header fields of a response, as they came; looked up when asked for.
package struct ResponseHead: Sendable {
    package var status: Int
    /// The header lines, each ended by LF, the status line not among them.
    private var lines: [UInt8] = []

    package init(status: Int) {
        self.status = status
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
        values(name, limit: 1).first
    }

    /// All fields of this name (lower case), in their order.
    package func all(_ name: StaticString) -> [String] {
        values(name, limit: .max)
    }

    private func values(_ name: StaticString, limit: Int) -> [String] {
        unsafe lines.withUnsafeBytes { lines in
            name.withUTF8Buffer { name in
                unsafe Self.values(of: name, in: lines, limit: limit)
            }
        }
    }

    private static func values(
        of name: UnsafeBufferPointer<UInt8>, in lines: UnsafeRawBufferPointer, limit: Int
    ) -> [String] {
        var found: [String] = []
        var start = 0
        while start < lines.count, found.count < limit {
            var end = start
            while unsafe end < lines.count && lines[end] != UInt8(ascii: "\n") { end += 1 }
            if unsafe matches(name, lines, start, end) {
                var from = start + name.count + 1
                var to = end
                while unsafe from < to && isBlank(lines[from]) { from += 1 }
                while unsafe to > from && isBlank(lines[to - 1]) { to -= 1 }
                unsafe found.append(
                    String(
                        decoding: UnsafeRawBufferPointer(rebasing: lines[from..<to]), as: UTF8.self)
                )
            }
            start = end + 1
        }
        return found
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
