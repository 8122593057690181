import Glibc
import Platform

/// Goes round the archived files by rows, a slice at a time; confined to one thread.
///
/// At the last row it stands until `beginAgain`: what a round ends with comes in between.
final class VerifyPass {
    struct Slice {
        var checked = 0
        var findings: [VerifyFinding] = []
        var repaired = 0
        var putBack = 0
    }

    let archived: Int
    let checkers: FileCheckers
    /// All rows were come to.
    private(set) var isRound = false

    private let tree: ArchiveTree
    private let catalog: Catalog
    private let repair: ArchiveFolder?
    private let strays: StrayFiles?
    let keepsCursor: Bool
    private let start: Int64
    private var cursor: Int64
    private var hasWrapped = false

    init(
        tree: ArchiveTree, catalog: Catalog, repair: ArchiveFolder?, keepsCursor: Bool,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(ArchiveError) {
        self.tree = tree
        self.catalog = catalog
        self.repair = repair
        self.keepsCursor = keepsCursor
        checkers = FileCheckers(tree)
        strays = repair.map { StrayFiles($0, isCancelled: isCancelled) }
        do throws(CatalogError) {
            archived = try catalog.summary().archived
            start = try catalog.verifyCursor(.recordings)
            cursor = start
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    /// How many files a share of them is; at least one, so that every run gets on.
    func share(_ sample: Double) -> Int {
        min(archived, max(1, Int((Double(archived) * sample).rounded(.up))))
    }

    /// Checks the next files; nil when there are none before the end, or where this run began.
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
        var lost: [KnownFile] = []
        do throws(CatalogError) {
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
        } catch {
            throw error.stopping(archive: tree.path)
        }
        try settle(lost, &slice)
        return slice
    }

    /// Repairs, if that is wanted, and notes how far the pass has come.
    private func settle(_ lost: [KnownFile], _ slice: inout Slice) throws(ArchiveError) {
        var damaged: [KnownFile] = []
        settling: for (file, finding) in zip(lost, slice.findings) {
            let job = FileJob(file: file.file, bytes: file.bytes, sha256: file.sha256)
            switch finding.problem == .missing ? try strays?.putBack(job) : nil {
            case .moved: slice.putBack += 1
            case .undecided:
                // Interrupted: the next verify begins with this one.
                cursor = file.row - 1
                break settling
            case .absent, nil: damaged.append(file)
            }
        }
        do throws(CatalogError) {
            if let repair, !damaged.isEmpty { slice.repaired = try mend(damaged, in: repair) }
            if keepsCursor { try catalog.setVerifyCursor(.recordings, to: cursor) }
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    private func nextFiles(_ limit: Int) throws(ArchiveError) -> [KnownFile] {
        do throws(CatalogError) {
            let last = hasWrapped ? start : Int64.max
            let files = try catalog.filesToVerify(after: cursor, through: last, limit: limit)
            if files.isEmpty, hasWrapped { isRound = true }
            return files
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    /// Whether the round has come to its last row, and the next one has not begun.
    func isAtEnd() throws(ArchiveError) -> Bool {
        if hasWrapped { return false }
        do throws(CatalogError) {
            return try catalog.filesToVerify(after: cursor, through: .max, limit: 1).isEmpty
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    /// Goes on with the first row, up to where this run began.
    func beginAgain() throws(ArchiveError) {
        hasWrapped = true
        cursor = 0
        guard keepsCursor else { return }
        do throws(CatalogError) {
            try catalog.setVerifyCursor(.recordings, to: cursor)
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
