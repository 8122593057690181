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

    /// Looks for the missing file's bytes under its name, and gives them their place again.
    ///
    /// Returns where they lay, and their number; nil when they weren't found.
    func putBack(_ job: FileJob) throws(ArchiveError) -> (path: String, bytes: Int64)? {
        guard ArchiveTree.isPlausible(job.file) else { return nil }
        let (_, name) = Placement.split(job.file)
        do throws(SystemCallError) {
            for path in try walked()[name] ?? [] where path != job.file {
                guard let content = try archive.content(ofFile: path),
                    job.bytes.map({ $0 == content.bytes }) ?? true, content.sha256 == job.sha256
                else { continue }
                try archive.move(path, to: job.file)
                paths?[name]?.removeAll { $0 == path }
                return (path, content.bytes)
            }
            return nil
        } catch {
            switch error.errno {
            // Something came into its place, or nothing can be moved: it is as it was.
            case EEXIST, ENOENT, ENOTDIR, ELOOP, EACCES, EXDEV: return nil
            default: throw error.stopping("cannot put '\(job.file)' back in its place")
            }
        }
    }

    private func walked() throws(SystemCallError) -> [String: [String]] {
        if let paths { return paths }
        var found: [String: [String]] = [:]
        do throws(ArchiveError) {
            let tree = try ArchiveTree(path: archive.path, kernel: archive.kernel)
            try tree.forEachItem { item throws(ArchiveError) in
                if item.kind == .file, RecordingName.decode(path: item.path) == nil {
                    found[Placement.split(item.path).name, default: []].append(item.path)
                }
                return !isCancelled()
            }
        } catch {
            // What can't be walked has no strays that could be put back.
        }
        paths = found
        return found
    }
}

extension ArchiveFolder {
    /// Gives a file below the archive another path there, durably; never over another file.
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
        try kernel.fsync(destination.number, naming: above)
        try kernel.fsync(source.number, naming: "\(path)/\(folder)")
    }
}
