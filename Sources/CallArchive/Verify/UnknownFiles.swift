import Glibc
import Platform

/// Finds what lies below `recordings/` and belongs to no recording.
struct UnknownFiles {
    /// Files that have just come may be about to be entered by a sync: they are looked up again.
    private static let young: Int64 = 60_000_000_000
    private static let mostYoung = 1000
    private static let patience: UInt32 = 2_000_000

    let tree: ArchiveTree
    let catalog: Catalog
    /// No sync can run meanwhile.
    let isAlone: Bool
    let isCancelled: () -> Bool

    func find(_ report: (VerifyFinding) -> Void) throws(ArchiveError) {
        var young: [TreeItem] = []
        let now = Timestamp.now().milliseconds * 1_000_000
        try tree.forEachItem { item throws(ArchiveError) in
            if item.kind != nil, try isKnown(item.path) { return !isCancelled() }
            if !isAlone, item.kind == .file, young.count < Self.mostYoung,
                let status = status(of: item.path), now - status.modified < Self.young
            {
                young.append(item)
            } else {
                report(finding(item))
            }
            return !isCancelled()
        }
        guard !young.isEmpty, !isCancelled() else { return }
        usleep(Self.patience)
        for item in young where try !isKnown(item.path) { report(finding(item)) }
    }

    private func isKnown(_ file: String) throws(ArchiveError) -> Bool {
        do throws(CatalogError) {
            return try catalog.knows(file: file)
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    /// nil when it is gone, or its folder can't be read.
    private func status(of file: String) -> FileStatus? {
        try? tree.status(of: file)
    }

    private func finding(_ item: TreeItem) -> VerifyFinding {
        guard let kind = item.kind else {
            return VerifyFinding(
                id: nil, file: item.path, problem: .unreadable, found: .text(item.reason))
        }
        let found: VerifyFinding.Value? =
            switch kind {
            case .file: status(of: item.path).map { .bytes($0.size) }
            case .link: .text("a symbolic link")
            case .folder: .text("a folder")
            case .other: .text("no plain file")
            }
        return VerifyFinding(id: nil, file: item.path, problem: .unknownFile, found: found)
    }
}
