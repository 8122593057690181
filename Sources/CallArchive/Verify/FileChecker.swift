import Glibc
import Platform

/// Reads files anew from the disk and compares them with what they are to be.
///
/// No link is followed. Confined to one worker.
final class FileChecker {
    private static let bufferSize = 1 << 20
    /// What was read is dropped from the page cache in pieces of this size.
    private static let dropSize: Int64 = 8 << 20

    /// The folder of the last file: the next one mostly lies there too.
    private final class Folder {
        let path: String
        let descriptor: Descriptor

        init(_ path: String, _ descriptor: consuming Descriptor) {
            self.path = path
            self.descriptor = descriptor
        }
    }

    private let tree: ArchiveTree
    private let isCancelled: @Sendable () -> Bool
    private let digester = Digester()
    private var buffer = [UInt8](repeating: 0, count: FileChecker.bufferSize)
    private var folder: Folder?

    init(_ tree: ArchiveTree, isCancelled: @escaping @Sendable () -> Bool) {
        self.tree = tree
        self.isCancelled = isCancelled
    }

    /// nil when cancelled on the way. Throws only what is no fault of the file.
    func check(_ job: FileJob) throws(SystemCallError) -> FileCheck? {
        do throws(SystemCallError) {
            return try open(job)
        } catch {
            folder = nil
            switch error.errno {
            case ENOENT: return .missing
            case ELOOP, ENOTDIR:
                return .unreadable("a symbolic link or another thing stands in its place")
            case EMFILE, ENFILE, ENOMEM: throw error
            default: return .unreadable(error.reason)
            }
        }
    }

    private func open(_ job: FileJob) throws(SystemCallError) -> FileCheck? {
        guard ArchiveTree.isPlausible(job.file) else {
            return .unreadable("its path leads out of recordings/")
        }
        let (path, name) = Placement.split(job.file)
        let above = try enter(path)
        let full = "\(tree.path)/\(job.file)"
        let file = try tree.kernel.open(
            at: above.descriptor.number, name, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
            naming: full)
        let status = try tree.kernel.status(of: file.number, naming: full)
        guard status.kind == .file else { return .unreadable("it is no plain file") }
        if let bytes = job.bytes, status.size != bytes { return .size(status.size) }
        return try compare(file, job, full)
    }

    private func enter(_ path: String) throws(SystemCallError) -> Folder {
        if let folder, folder.path == path { return folder }
        let opened = Folder(path, try tree.openFolder(path))
        folder = opened
        return opened
    }

    private func compare(
        _ file: borrowing Descriptor, _ job: FileJob, _ full: String
    ) throws(SystemCallError) -> FileCheck? {
        let number = file.number
        // The disk is to be asked, not the memory of what was once written to it.
        posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED)
        posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL)
        digester.reset()
        var offset: Int64 = 0
        var dropped: Int64 = 0
        while true {
            if isCancelled() { return nil }
            let count = try tree.kernel.read(number, at: offset, into: &buffer, naming: full)
            if count == 0 { break }
            unsafe buffer.withUnsafeBytes { bytes in
                unsafe digester.update(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
            offset += Int64(count)
            if offset - dropped >= Self.dropSize {
                posix_fadvise(number, off_t(dropped), off_t(offset - dropped), POSIX_FADV_DONTNEED)
                dropped = offset
            }
        }
        posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED)
        if let bytes = job.bytes, offset != bytes { return .size(offset) }
        guard let digest = digester.finish() else {
            return .unreadable("OpenSSL gave no SHA-256")
        }
        return digest == job.sha256 ? .intact(bytes: offset) : .hash(digest)
    }
}
