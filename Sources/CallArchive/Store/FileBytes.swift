import Platform

/// A part as the inspector reads it.
struct PartBytes: RandomAccessBytes {
    let part: PartFile

    init(_ part: PartFile) {
        self.part = part
    }

    var size: Int64 { part.size }

    func read(at offset: Int64, count: Int) throws(SystemCallError) -> [UInt8] {
        try part.recent(at: offset, count: count)
    }
}

/// An open file as the inspector reads it.
final class FileBytes: RandomAccessBytes {
    let size: Int64
    private let descriptor: Descriptor
    private let kernel: Kernel
    private let path: String

    init(_ descriptor: consuming Descriptor, size: Int64, _ kernel: Kernel, _ path: String) {
        self.descriptor = descriptor
        self.size = size
        self.kernel = kernel
        self.path = path
    }

    func read(at offset: Int64, count: Int) throws(SystemCallError) -> [UInt8] {
        try descriptor.read(at: offset, count: count, kernel, naming: path)
    }
}
