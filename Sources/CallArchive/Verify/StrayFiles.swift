import Glibc
import Platform

/// Files below `recordings/` that lie where this program would not have put them: moved by hand,
/// or in a folder that was renamed. One that a recording misses is put back in its place.
///
/// The tree is walked once, when the first file is missed. Only under the archive's lock;
/// confined to one thread.
final class StrayFiles {
    private let archive: ArchiveFolder
    private let isCancelled: @Sendable () -> Bool
    /// Their paths below the archive by their names; nil before the walk.
    private var paths: [String: [String]]?

    init(_ archive: ArchiveFolder, isCancelled: @escaping @Sendable () -> Bool) {
        self.archive = archive
        self.isCancelled = isCancelled
    }

    enum Outcome {
        /// Back in its place; where it lay, and its size.
        case moved(path: String, bytes: Int64)
        case absent
        /// The search was cancelled, or not all folders could be read: it may be there.
        case undecided
    }

    /// Looks for the missing file's bytes under its name, and gives them their place again.
    func putBack(_ job: FileJob) throws(ArchiveError) -> Outcome {
        guard ArchiveTree.isPlausible(job.file) else { return .absent }
        guard let paths = walked() else { return .undecided }
        let (_, name) = Placement.split(job.file)
        for path in paths[name] ?? [] where path != job.file {
            if isCancelled() { return .undecided }
            guard let bytes = size(of: path, agreeingWith: job) else {
                if isCancelled() { return .undecided }
                continue
            }
            do throws(SystemCallError) {
                try archive.move(path, to: job.file)
            } catch {
                switch error.errno {
                // Something came into its place, or this one can't be moved.
                case EEXIST, ENOENT, ENOTDIR, ELOOP, EACCES, EPERM, EXDEV: continue
                default: throw error.stopping("cannot put '\(job.file)' back in its place")
                }
            }
            self.paths?[name]?.removeAll { $0 == path }
            return .moved(path: path, bytes: bytes)
        }
        return .absent
    }

    /// The size of a file that has the bytes in question; one that can't be read has not.
    private func size(of path: String, agreeingWith job: FileJob) -> Int64? {
        do throws(SystemCallError) {
            if let wanted = job.bytes, let file = try archive.openFile(path),
                try archive.kernel.status(of: file.number, naming: path).size != wanted
            {
                return nil
            }
            let content = try archive.content(ofFile: path, isCancelled: isCancelled)
            return content?.sha256 == job.sha256 ? content?.bytes : nil
        } catch {
            return nil
        }
    }

    /// nil when the tree was not walked as a whole, which the next call tries again.
    private func walked() -> [String: [String]]? {
        if let paths { return paths }
        var found: [String: [String]] = [:]
        var isWhole = true
        do throws(ArchiveError) {
            let tree = try ArchiveTree(path: archive.path, kernel: archive.kernel)
            try tree.forEachItem { item throws(ArchiveError) in
                if item.kind == .file, RecordingName.decode(path: item.path) == nil {
                    found[Placement.split(item.path).name, default: []].append(item.path)
                }
                isWhole = item.kind != nil && !isCancelled()
                return isWhole
            }
        } catch {
            return nil
        }
        if isWhole { paths = found }
        return paths
    }
}

extension ArchiveFolder {
    /// Gives a file below the archive another path there; never over another file.
    ///
    /// Not made durable: after a power cut it lies at one of the two, and is put back again.
    func move(_ file: String, to target: String) throws(SystemCallError) {
        let (folder, name) = Placement.split(file)
        let (targetFolder, targetName) = Placement.split(target)
        guard let source = try openFolder(folder) else {
            throw SystemCallError(call: "open", path: "\(path)/\(folder)", errno: ENOENT)
        }
        var destination = try kernel.open(
            at: root.number, ".", flags: O_RDONLY | O_DIRECTORY, naming: path)
        var above = path
        for part in targetFolder.split(separator: "/") {
            destination = try Self.folder(
                String(part), below: destination.number, of: above, kernel)
            above += "/\(part)"
        }
        try kernel.rename(
            from: source.number, name, to: destination.number, targetName, replacing: false,
            naming: "\(path)/\(target)")
    }
}
