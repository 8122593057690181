import Platform

/// Looks at many files below the archive, one after the other, no link followed on the way.
///
/// Neighbours share a folder, which stays open between two looks. Confined to one thread.
final class FileLook {
    private let archive: ArchiveFolder
    private var path = ""
    private var folder: Descriptor?

    init(_ archive: ArchiveFolder) {
        self.archive = archive
    }

    /// What stands there; nil when nothing does. A link or a file in a folder's place is an error:
    /// all below it would look lost.
    func status(ofFile file: String) throws(ArchiveError) -> FileStatus? {
        let (parent, name) = Placement.split(file)
        do throws(SystemCallError) {
            if parent != path || !isOpen {
                folder = try archive.openRealFolder(parent)
                path = parent
            }
            guard let number = folder?.number else { return nil }
            return try archive.kernel.status(
                at: number, name, naming: "\(archive.path)/\(file)")
        } catch {
            throw error.stopping("cannot look at '\(archive.path)/\(file)'")
        }
    }

    private var isOpen: Bool { folder != nil }
}
