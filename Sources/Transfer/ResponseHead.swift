import Glibc

/// Status and header fields of a response, as they came; looked up when asked for.
package struct ResponseHead: Sendable {
    package var status: Int
    /// The header lines, the status line not among them. In front of each lie its length (two bytes, the
    /// lower one first) and that of its name (one byte): a name is looked for without reading the lines.
    private var lines: [UInt8] = []
    private static let prefix = 3
    /// Stands for a name of 255 bytes or more, which nobody looks for, and for none.
    private static let noName = 255

    /// Bytes of all lines.
    package private(set) var size = 0

    package init(status: Int) {
        self.status = status
        lines.reserveCapacity(512)
    }

    /// Adds one line as received; of one of 64 KiB or more only the length (see `Exchange.headerLimit`).
    package mutating func append(_ line: UnsafeRawBufferPointer) {
        size += line.count
        guard line.count <= UInt16.max else { return }
        let colon = unsafe Self.find(UInt8(ascii: ":"), in: line) ?? Self.noName
        lines.append(UInt8(truncatingIfNeeded: line.count))
        lines.append(UInt8(truncatingIfNeeded: line.count >> 8))
        lines.append(UInt8(min(colon, Self.noName)))
        unsafe lines.append(contentsOf: line)
    }

    /// Adds one field; for tests and simulated responses.
    package mutating func append(name: String, value: String) {
        var line = "\(name): \(value)\r\n"
        line.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
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
        unsafe forEachLine { line, name in
            isThere = names.contains { wanted in
                wanted.utf8CodeUnitCount == name
                    && wanted.withUTF8Buffer { unsafe Self.begins(line, with: $0) }
            }
            return !isThere
        }
        return isThere
    }

    /// Calls `body` with each such field's trimmed bytes until it says false.
    private func forEach(_ name: StaticString, _ body: (UnsafeRawBufferPointer) -> Bool) {
        name.withUTF8Buffer { wanted in
            unsafe forEachLine { line, name in
                guard name == wanted.count, unsafe Self.begins(line, with: wanted) else {
                    return true
                }
                var from = name + 1
                var to = line.count
                while unsafe from < to && Self.isBlank(line[from]) { from += 1 }
                while unsafe to > from && Self.isBlank(line[to - 1]) { to -= 1 }
                return unsafe body(UnsafeRawBufferPointer(rebasing: line[from..<to]))
            }
        }
    }

    /// Calls `body` with all lines and how long their names are, until it says false.
    private func forEachLine(_ body: (UnsafeRawBufferPointer, Int) -> Bool) {
        unsafe lines.withUnsafeBytes { lines in
            var start = 0
            while start < lines.count {
                let length = unsafe Int(lines[start]) | Int(lines[start + 1]) << 8
                let name = unsafe Int(lines[start + 2])
                start += Self.prefix
                let end = start + length
                let line = unsafe UnsafeRawBufferPointer(rebasing: lines[start..<end])
                guard unsafe body(line, name) else { return }
                start = end
            }
        }
    }

    private static func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress,
            let found = unsafe memchr(base, Int32(byte), bytes.count)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - base
    }

    /// Whether a line that has a name of that length has this one.
    private static func begins(
        _ line: UnsafeRawBufferPointer, with name: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        for index in 0..<name.count {
            var byte = unsafe line[index]
            if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { byte |= 0x20 }
            if unsafe byte != name[index] { return false }
        }
        return true
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }

    /// The declared length of the body; nil when absent or no plain number.
    package var contentLength: Int64? {
        first("content-length").flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}
