/// Bytes that can be read anywhere, as a file's.
package protocol RandomAccessBytes {
    associatedtype Failure: Error

    /// Of all bytes.
    var size: Int64 { get }

    /// Reads up to `count` bytes from `offset`; fewer only where the bytes end.
    func read(at offset: Int64, count: Int) throws(Failure) -> [UInt8]
}

/// Bytes that are in memory already.
package struct BytesInMemory: RandomAccessBytes, Sendable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var size: Int64 { Int64(bytes.count) }

    package func read(at offset: Int64, count: Int) throws(Never) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        return Array(bytes[Int(offset)...].prefix(count))
    }
}

/// Reads through a window of 4 KiB, so that a small header costs one read.
struct AudioWindow<Source: RandomAccessBytes> {
    static var length: Int { 4096 }

    let source: Source
    let size: Int64
    private var start: Int64 = 0
    private var window: [UInt8] = []

    init(_ source: Source) {
        self.source = source
        size = source.size
    }

    /// Up to `count` bytes, 4096 at most; fewer where the file ends.
    mutating func bytes(at offset: Int64, count: Int) throws(Source.Failure) -> ArraySlice<UInt8> {
        let available = size - offset
        guard offset >= 0, available > 0 else { return [] }
        let wanted = Int(min(Int64(min(count, Self.length)), available))
        if offset < start || offset + Int64(wanted) > start + Int64(window.count) {
            start = offset
            window = try source.read(at: offset, count: Int(min(Int64(Self.length), available)))
        }
        let first = Int(offset - start)
        guard first <= window.count else { return [] }
        return window[first...].prefix(wanted)
    }
}

/// Numbers as WAVE files have them, lowest byte first.
extension ArraySlice<UInt8> {
    /// 0 where the bytes end too early.
    func littleEndian(at offset: Int, bytes count: Int) -> UInt64 {
        guard offset >= 0, offset + count <= self.count else { return 0 }
        var value: UInt64 = 0
        for index in (0..<count).reversed() {
            value = value << 8 | UInt64(self[startIndex + offset + index])
        }
        return value
    }

    /// 0 where the bytes end too early.
    func bigEndian(at offset: Int, bytes count: Int) -> UInt64 {
        guard offset >= 0, offset + count <= self.count else { return 0 }
        return self[startIndex + offset..<startIndex + offset + count]
            .reduce(0) { $0 << 8 | UInt64($1) }
    }

    func hasText(_ text: StaticString, at offset: Int) -> Bool {
        text.withUTF8Buffer { text in
            guard offset >= 0, offset + text.count <= count else { return false }
            let first = startIndex + offset
            for index in 0..<text.count where unsafe self[first + index] != text[index] {
                return false
            }
            return true
        }
    }
}
