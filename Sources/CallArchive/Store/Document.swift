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
    private var buffer: [UInt8] = []
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
        buffer.reserveCapacity(Self.bufferSize + 4096)
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
        buffer.append(contentsOf: bytes)
        guard buffer.count >= Self.bufferSize, failure == nil else { return failure == nil }
        do throws(SystemCallError) {
            try flush()
            return true
        } catch {
            failure = error
            return false
        }
    }

    private func flush() throws(SystemCallError) {
        try archive.kernel.write(
            descriptor.number, buffer, naming: "\(archive.path)/\(name)")
        // The disk begins while more is put together: less is left for the sync at the end.
        archive.kernel.startWriteback(descriptor.number, count..<count + Int64(buffer.count))
        count += Int64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
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
