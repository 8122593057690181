import Glibc
package import Platform

/// A file anywhere that is replaced as a whole: written beside, synced, renamed; mode 0600.
///
/// Confined to one thread. Dropped without `publish()`, it leaves the old one as it was.
package final class ReplacedFile {
    private static let bufferSize = 256 << 10

    private let kernel: Kernel
    private let path: String
    private let name: String
    private let temporary: String
    private let folder: Descriptor
    private let descriptor: Descriptor
    private var buffer: [UInt8] = []
    private var isPublished = false
    private var failure: SystemCallError?
    /// Bytes so far.
    package private(set) var count: Int64 = 0

    /// The folder that `path` lies in must be there.
    package init(path: String, kernel: Kernel = Kernel()) throws(SystemCallError) {
        self.path = path
        self.kernel = kernel
        let (above, name) = Self.split(path)
        self.name = name
        // By process: another one that writes the same file is not disturbed.
        temporary = ".\(name.prefix(100)).\(getpid()).new"
        folder = try kernel.open(
            at: AT_FDCWD, above, flags: O_RDONLY | O_DIRECTORY, naming: above)
        let naming = "\(above)/\(temporary)"
        do throws(SystemCallError) {
            try kernel.remove(at: folder.number, temporary, naming: naming)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        descriptor = try kernel.open(
            at: folder.number, temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
            naming: naming)
        buffer.reserveCapacity(Self.bufferSize + 4096)
    }

    deinit {
        if !isPublished {
            try? kernel.remove(at: folder.number, temporary, naming: path)
        }
    }

    /// Folder and name of a path as a user gives it; "." for the working directory.
    package static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    /// Adds bytes; false when an earlier write failed, which `publish()` throws.
    @discardableResult
    package func append(_ bytes: [UInt8]) -> Bool {
        buffer.append(contentsOf: bytes)
        count += Int64(bytes.count)
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
        try kernel.write(descriptor.number, buffer, naming: path)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Makes the new contents durable and puts them in the old ones' place.
    package func publish() throws(SystemCallError) {
        if let failure { throw failure }
        try flush()
        try kernel.fsync(descriptor.number, naming: path)
        try kernel.rename(
            from: folder.number, temporary, to: folder.number, name, replacing: true, naming: path)
        isPublished = true
        try kernel.fsync(folder.number, naming: path)
    }
}
