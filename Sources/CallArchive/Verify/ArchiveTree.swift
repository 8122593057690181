import Glibc
import Platform

/// An archive's files as they lie on the disk, reached without locking or making anything.
///
/// No symbolic link below the archive is followed. Safe from any thread.
final class ArchiveTree: Sendable {
    let path: String
    let kernel: Kernel
    private let root: Descriptor

    /// A folder that isn't there is a `usage` error: nothing was ever archived in it.
    init(path: String, kernel: Kernel = Kernel()) throws(ArchiveError) {
        self.path = path
        self.kernel = kernel
        do throws(SystemCallError) {
            root = try kernel.open(
                at: AT_FDCWD, path, flags: O_RDONLY | O_DIRECTORY, naming: path)
        } catch {
            guard error.errno == ENOENT else {
                throw error.stopping("cannot use the archive '\(path)'")
            }
            throw Self.noArchive(path, why: "there is no such folder")
        }
    }

    static func noArchive(_ path: String, why: String) -> ArchiveError {
        ArchiveError(
            .usage, "there is no archive at '\(path)'", why: why,
            hint: "give the ARCHIVE that sync writes to")
    }

    /// Whether a path, as a manifest or a list of checksums gives it, stays below `recordings/`.
    static func isPlausible(_ file: String) -> Bool {
        guard file.hasPrefix(ArchiveFolder.recordingsName + "/"), !file.utf8.contains(0) else {
            return false
        }
        return file.split(separator: "/", omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    /// What stands at a path below the archive; nil when nothing does.
    func status(of file: String) throws(SystemCallError) -> FileStatus? {
        try kernel.status(at: root.number, file, naming: "\(path)/\(file)")
    }

    func openFolder(_ folder: String) throws(SystemCallError) -> Descriptor {
        var opened = try kernel.open(
            at: root.number, ".", flags: O_RDONLY | O_DIRECTORY, naming: path)
        for part in folder.split(separator: "/") {
            opened = try kernel.open(
                at: opened.number, String(part), flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                naming: "\(path)/\(folder)")
        }
        return opened
    }
}

/// Something below `recordings/`.
struct TreeItem: Sendable {
    /// Below the archive.
    var path: String
    /// nil: its folder could not be read, with the reason.
    var kind: FileStatus.Kind?
    var reason = ""
}

extension ArchiveTree {
    /// Folders nest four deep in an archive; what lies deeper is no part of it.
    private static let deepest = 8

    /// Calls `body`, until it says false, with all that is no folder below `recordings/`; in no
    /// order, folder by folder, so that memory doesn't grow with their number.
    func forEachItem(
        _ body: (TreeItem) throws(ArchiveError) -> Bool
    ) throws(ArchiveError) {
        _ = try walk(ArchiveFolder.recordingsName, depth: 1, body)
    }

    private func walk(
        _ folder: String, depth: Int, _ body: (TreeItem) throws(ArchiveError) -> Bool
    ) throws(ArchiveError) -> Bool {
        let names: FolderNames
        do throws(SystemCallError) {
            names = try FolderNames(try openFolder(folder), naming: "\(path)/\(folder)")
        } catch {
            switch error.errno {
            case ENOENT: return true
            case ENOTDIR, ELOOP: return try body(TreeItem(path: folder, kind: .link))
            default: return try body(TreeItem(path: folder, kind: nil, reason: error.reason))
            }
        }
        while let (name, kind) = names.next() {
            let below = "\(folder)/\(name)"
            let goesOn =
                kind == .folder && depth < Self.deepest
                ? try walk(below, depth: depth + 1, body)
                : try body(TreeItem(path: below, kind: kind))
            if !goesOn { return false }
        }
        return true
    }
}
