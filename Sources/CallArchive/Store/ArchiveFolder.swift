import Glibc
package import Platform

/// The archive as a local folder: opened once, everything below it reached by descriptor.
///
/// No symbolic link below the archive is ever followed. Folders are 0700, files 0600.
/// Safe from any thread but for `Placement`, which the committer's queue alone uses.
package final class ArchiveFolder: Sendable {
    package static let controlName = ".callarchive"
    package static let partialName = "partial"
    package static let catalogName = "catalog.sqlite"
    package static let recordingsName = "recordings"

    /// As the user gave it, for messages.
    package let path: String
    package let kernel: Kernel
    let root: Descriptor
    let control: Descriptor
    let partial: Descriptor
    let directWriting = DirectWriting()
    private let lock: FileLock

    /// Opens the archive, makes what is missing of it and locks it.
    ///
    /// `lockWait` is how long to wait for another run to end. Errors: `storage`, `locked`.
    package init(
        path: String, lockWait: Duration = .zero, kernel: Kernel = Kernel(),
        isCancelled: () -> Bool = { false }
    ) throws(ArchiveError) {
        self.path = path
        self.kernel = kernel
        do throws(SystemCallError) {
            root = try Self.openRoot(path, kernel)
            control = try Self.folder(Self.controlName, below: root.number, of: path, kernel)
            partial = try Self.folder(
                Self.partialName, below: control.number, of: "\(path)/\(Self.controlName)", kernel)
            try Self.expectFolder(Self.recordingsName, below: root.number, of: path, kernel)
        } catch {
            throw error.stopping("cannot use the archive '\(path)'")
        }
        lock = try Self.lock(control.number, path, wait: lockWait, kernel, isCancelled)
    }

    private static func openRoot(
        _ path: String, _ kernel: Kernel
    ) throws(SystemCallError) -> Descriptor {
        let flags = O_RDONLY | O_DIRECTORY
        do throws(SystemCallError) {
            return try kernel.open(at: AT_FDCWD, path, flags: flags, naming: path)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        // Parents as `mkdir -p` makes them; only the archive itself is private.
        var built = path.hasPrefix("/") ? "/" : ""
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            built += (built.isEmpty || built.hasSuffix("/") ? "" : "/") + part
            let mode: UInt32 = index == parts.count - 1 ? 0o700 : 0o777
            if unsafe mkdir(built, mode) != 0, errno != EEXIST {
                throw SystemCallError(call: "make the folder", path: built, errno: errno)
            }
        }
        return try kernel.open(at: AT_FDCWD, path, flags: flags, naming: path)
    }

    /// Opens a folder right below `parent`, made when missing, never through a link.
    static func folder(
        _ name: String, below parent: Int32, of parentPath: String, _ kernel: Kernel
    ) throws(SystemCallError) -> Descriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        let path = "\(parentPath)/\(name)"
        do throws(SystemCallError) {
            return try kernel.open(at: parent, name, flags: flags, naming: path)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        do throws(SystemCallError) {
            try kernel.makeFolder(at: parent, name, naming: path)
            try kernel.fsync(parent, naming: parentPath)
        } catch {
            guard error.errno == EEXIST else { throw error }
        }
        return try kernel.open(at: parent, name, flags: flags, naming: path)
    }

    /// Where a link or a file stands in a folder's place, everything below it would look lost.
    private static func expectFolder(
        _ name: String, below parent: Int32, of parentPath: String, _ kernel: Kernel
    ) throws(SystemCallError) {
        let path = "\(parentPath)/\(name)"
        guard let status = try kernel.status(at: parent, name, naming: path),
            status.kind != .folder
        else { return }
        throw SystemCallError(
            call: "use", path: path, errno: status.kind == .link ? ELOOP : ENOTDIR)
    }

    private static func lock(
        _ control: Int32, _ path: String, wait: Duration, _ kernel: Kernel,
        _ isCancelled: () -> Bool
    ) throws(ArchiveError) -> FileLock {
        let name = "\(path)/\(controlName)/lock"
        let deadline = MonotonicClock.now() + wait.nanoseconds
        while true {
            do throws(SystemCallError) {
                let file = try kernel.open(
                    at: control, "lock", flags: O_RDWR | O_CREAT | O_NOFOLLOW, naming: name)
                if let lock = FileLock.acquire(file) {
                    lock.note(holderNote())
                    return lock
                }
            } catch {
                throw error.stopping("cannot lock the archive '\(path)'")
            }
            guard MonotonicClock.now() < deadline, !isCancelled() else { break }
            usleep(100_000)
        }
        let holder = readNote(control, kernel)
        throw ArchiveError(
            .locked, "cannot lock the archive '\(path)'",
            why: "another run holds it" + (holder.isEmpty ? "" : " (\(holder))"),
            hint: "wait for that run to end, or give --lock-wait; the lock frees itself when "
                + "the other process ends")
    }

    /// As "pid 4711 on backup1 since 2026-01-02T03:04:05Z".
    private static func holderNote() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        unsafe gethostname(&buffer, buffer.count - 1)
        let host = String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "pid \(getpid()) on \(host) since \(Timestamp.now().iso8601)\n"
    }

    private static func readNote(_ control: Int32, _ kernel: Kernel) -> String {
        var buffer = [UInt8](repeating: 0, count: 512)
        var count = 0
        do throws(SystemCallError) {
            let file = try kernel.open(
                at: control, "lock", flags: O_RDONLY | O_NOFOLLOW, naming: "lock")
            count = try kernel.read(file.number, at: 0, into: &buffer, naming: "lock")
        } catch {
            // The note only makes the message better.
        }
        return BodyExcerpt.printable(Array(buffer.prefix(count)))
    }

    /// Path of the catalog's file, made with mode 0600 when missing; `isNew` says so.
    package func catalogFile() throws(ArchiveError) -> (path: String, isNew: Bool) {
        let file = "\(path)/\(Self.controlName)/\(Self.catalogName)"
        do throws(SystemCallError) {
            let status = try kernel.status(
                at: control.number, Self.catalogName, naming: file)
            if let status, status.kind != .file {
                throw SystemCallError(
                    call: "open", path: file, errno: status.kind == .folder ? EISDIR : ELOOP)
            }
            if status == nil {
                _ = try kernel.open(
                    at: control.number, Self.catalogName,
                    flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, naming: file)
            }
            if status?.size ?? 0 == 0 {
                // A new archive: its own name, in a folder that is not ours, becomes durable too.
                try kernel.syncFileSystem(root.number, naming: path)
            }
            return (file, status.map { $0.size == 0 } ?? true)
        } catch {
            throw error.stopping("cannot use the catalog of '\(path)'")
        }
    }

    /// Bytes that are free for us where the archive lies.
    package func freeBytes() throws(ArchiveError) -> Int64 {
        do throws(SystemCallError) {
            return try kernel.freeBytes(root.number, naming: path)
        } catch {
            throw error.stopping("cannot look at the file system of '\(path)'")
        }
    }

    /// What stands at a path below the archive; nil when nothing does, or a link is on the way.
    package func status(ofFile file: String) throws(ArchiveError) -> FileStatus? {
        do throws(SystemCallError) {
            return try kernel.status(at: root.number, file, naming: "\(path)/\(file)")
        } catch {
            throw error.stopping("cannot look at '\(path)/\(file)'")
        }
    }
}
