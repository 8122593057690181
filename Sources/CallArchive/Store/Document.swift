import Glibc
package import Platform

/// A file at the archive's top that is replaced as a whole: written beside, synced, renamed.
///
/// Confined to one thread. Dropped without `publish()`, it leaves the old one as it was.
package final class Document {
    private static let bufferSize = 256 << 10

    private let archive: ArchiveFolder
    private let name: String
    private let temporary: String
    private let descriptor: Descriptor
    private let buffer = PageBuffer(count: Document.bufferSize)
    private var filled = 0
    /// Bytes that were written.
    private var count: Int64 = 0
    private var isPublished = false
    private var failure: SystemCallError?

    package init(_ name: String, in archive: ArchiveFolder) throws(SystemCallError) {
        self.archive = archive
        self.name = name
        temporary = "\(name).new"
        let path = "\(archive.path)/\(ArchiveFolder.controlName)/\(temporary)"
        do throws(SystemCallError) {
            try archive.kernel.remove(at: archive.control.number, temporary, naming: path)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        descriptor = try archive.kernel.open(
            at: archive.control.number, temporary,
            flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, naming: path)
    }

    deinit {
        if !isPublished {
            // What is left over is harmless and goes with the next writing.
            try? archive.kernel.remove(
                at: archive.control.number, temporary, naming: temporary)
        }
    }

    /// Adds bytes; false when an earlier write failed, which `publish()` throws.
    package func append(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe append($0) }
    }

    /// Adds bytes; false when an earlier write failed, which `publish()` throws.
    package func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard failure == nil else { return false }
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let taken = unsafe buffer.put(rest, at: filled, upTo: buffer.count)
            filled += taken
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            guard filled == buffer.count else { continue }
            do throws(SystemCallError) {
                try flush()
            } catch {
                failure = error
                return false
            }
        }
        return true
    }

    private func flush() throws(SystemCallError) {
        try unsafe buffer.withBytes(0..<filled) { bytes throws(SystemCallError) in
            try unsafe archive.kernel.write(
                descriptor.number, bytes, naming: "\(archive.path)/\(name)")
        }
        // The disk begins while more is put together: less is left for the sync at the end.
        archive.kernel.startWriteback(descriptor.number, count..<count + Int64(filled))
        count += Int64(filled)
        filled = 0
    }

    /// Makes the new contents durable and puts them in the old ones' place.
    package func publish() throws(SystemCallError) {
        let path = "\(archive.path)/\(name)"
        if let failure { throw failure }
        try flush()
        try archive.kernel.fsync(descriptor.number, naming: path)
        try archive.kernel.rename(
            from: archive.control.number, temporary, to: archive.root.number, name,
            replacing: true, naming: path)
        isPublished = true
        try archive.kernel.fsync(archive.root.number, naming: archive.path)
    }
}
