import Glibc
import Platform

/// Goes round the archived files by rows, a slice at a time; confined to one thread.
final class VerifyPass {
    struct Slice {
        var checked = 0
        var findings: [VerifyFinding] = []
        var repaired = 0
    }

    let archived: Int
    let checkers: FileCheckers
    /// All rows were come to.
    private(set) var isRound = false

    private let tree: ArchiveTree
    private let catalog: Catalog
    private let repair: ArchiveFolder?
    private let keepsCursor: Bool
    private let start: Int64
    private var cursor: Int64
    private var hasWrapped = false

    init(
        tree: ArchiveTree, catalog: Catalog, repair: ArchiveFolder?, keepsCursor: Bool
    ) throws(ArchiveError) {
        self.tree = tree
        self.catalog = catalog
        self.repair = repair
        self.keepsCursor = keepsCursor
        checkers = FileCheckers(tree)
        do throws(CatalogError) {
            archived = try catalog.summary().archived
            start = try catalog.verifyCursor()
            cursor = start
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    /// How many files a share of them is; at least one, so that every run gets on.
    func share(_ sample: Double) -> Int {
        min(archived, max(1, Int((Double(archived) * sample).rounded(.up))))
    }

    /// Checks the next files; nil when all were come to.
    func next(
        _ limit: Int, isOver: @escaping @Sendable () -> Bool,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(ArchiveError) -> Slice? {
        let files = try nextFiles(limit)
        guard !files.isEmpty else { return nil }
        let results: [FileCheck?]
        do throws(SystemCallError) {
            results = try checkers.check(
                files.map { FileJob(file: $0.file, bytes: $0.bytes, sha256: $0.sha256) },
                isOver: isOver, isCancelled: isCancelled)
        } catch {
            throw error.stopping("cannot look at the files of '\(tree.path)'")
        }
        var slice = Slice()
        do throws(CatalogError) {
            var lost: [KnownFile] = []
            // Those behind the first one that was not come to are looked at again.
            for (file, result) in zip(files, results) {
                guard let result else { break }
                slice.checked += 1
                cursor = file.row
                guard let finding = VerifyFinding(file, result), try catalog.isCurrent(file)
                else { continue }
                slice.findings.append(finding)
                lost.append(file)
            }
            if let repair, !lost.isEmpty { slice.repaired = try mend(lost, in: repair) }
            if keepsCursor { try catalog.setVerifyCursor(cursor) }
        } catch {
            throw error.stopping(archive: tree.path)
        }
        return slice
    }

    private func nextFiles(_ limit: Int) throws(ArchiveError) -> [KnownFile] {
        do throws(CatalogError) {
            if !hasWrapped {
                let files = try catalog.filesToVerify(after: cursor, through: .max, limit: limit)
                if !files.isEmpty { return files }
                hasWrapped = true
                cursor = 0
            }
            let files = try catalog.filesToVerify(after: cursor, through: start, limit: limit)
            if files.isEmpty { isRound = true }
            return files
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    /// The files first: without its file a recording is fetched again, whatever happens between.
    private func mend(
        _ lost: [KnownFile], in archive: ArchiveFolder
    ) throws(CatalogError) -> Int {
        var rows: [Int64] = []
        for file in lost {
            do throws(SystemCallError) {
                try archive.moveToDamaged(file.file)
            } catch {
                // Nothing to move: the file is missing, or its folder is none of ours.
                guard error.errno == ENOENT || error.errno == ENOTDIR else {
                    throw CatalogError(.storage, "\(error.what): \(error.reason)")
                }
            }
            rows.append(file.row)
        }
        try catalog.requeue(rows)
        return rows.count
    }
}
