import Glibc
import Platform

/// Reads the transcriptions anew and compares them with the catalog, as `Verify` does with audio.
///
/// They end each round, and are gone on with where the last run stopped.
struct TextCheck {
    private static let slice = 512

    let tree: ArchiveTree
    let catalog: Catalog
    let repair: ArchiveFolder?
    let checkers: FileCheckers
    let keepsCursor: Bool

    /// Says whether all were come to.
    func run(
        isOver: @escaping @Sendable () -> Bool, isCancelled: @escaping @Sendable () -> Bool,
        _ outcome: inout VerifyOutcome, _ report: (VerifyFinding) -> Void
    ) throws(ArchiveError) -> Bool {
        do throws(CatalogError) {
            var last = keepsCursor ? try catalog.verifyCursor(.texts) : 0
            while !isOver(), !isCancelled() {
                let texts = try catalog.texts(after: last, limit: Self.slice)
                if texts.isEmpty {
                    if keepsCursor { try catalog.setVerifyCursor(.texts, to: 0) }
                    return true
                }
                let results = try check(texts, isOver, isCancelled)
                var lost: [KnownFile] = []
                // Those behind the first one that was not come to are looked at again.
                for (text, result) in zip(texts, results) {
                    guard let result else { break }
                    last = text.row
                    guard let finding = VerifyFinding(text, result),
                        try catalog.isCurrentText(text)
                    else { continue }
                    outcome.damaged += 1
                    report(finding)
                    lost.append(text)
                }
                if let repair { outcome.repaired += try mend(lost, in: repair) }
                if keepsCursor { try catalog.setVerifyCursor(.texts, to: last) }
            }
            return false
        } catch {
            throw error.stopping(archive: tree.path)
        }
    }

    private func check(
        _ texts: [KnownFile], _ isOver: @escaping @Sendable () -> Bool,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(CatalogError) -> [FileCheck?] {
        do throws(SystemCallError) {
            return try checkers.check(
                texts.map { FileJob(file: $0.file, bytes: $0.bytes, sha256: $0.sha256) },
                isOver: isOver, isCancelled: isCancelled)
        } catch {
            throw CatalogError(.storage, "\(error.what): \(error.reason)")
        }
    }

    private func mend(
        _ lost: [KnownFile], in archive: ArchiveFolder
    ) throws(CatalogError) -> Int {
        for text in lost {
            do throws(SystemCallError) {
                try archive.moveToDamaged(text.file)
            } catch {
                guard error.errno == ENOENT || error.errno == ENOTDIR else {
                    throw CatalogError(.storage, "\(error.what): \(error.reason)")
                }
            }
        }
        try catalog.forgetTexts(lost.map(\.row))
        return lost.count
    }
}
