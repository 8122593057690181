import Glibc
package import Platform
import Synchronization

/// Reads all archived files anew and compares them with the catalog.
///
/// Without `repair` it takes no lock and tolerates a sync beside it: a finding is told only when
/// the catalog still says the same after it, and a file that has just come is looked up twice.
/// The order is round and round by the catalog's rows, from where the last run stopped, so that
/// the files come first that were not looked at for the longest time; each round ends with the
/// transcriptions and the search for unknown files. `interrupt` and `progress` may be called from
/// any thread.
package final class Verify: Sendable {
    /// Files between two notes of how far it came.
    private static let slice = 512

    private let settings: VerifySettings
    private let kernel: Kernel
    private let isInterrupted = Locked(false)
    private let live = Locked<(checkers: FileCheckers?, total: Int, damaged: Int)>((nil, 0, 0))

    package init(settings: VerifySettings, kernel: Kernel = Kernel()) {
        self.settings = settings
        self.kernel = kernel
    }

    package func interrupt() {
        isInterrupted.withLock { $0 = true }
    }

    private var isCancelled: Bool { isInterrupted.withLock { $0 } }

    /// As the progress line shows it.
    package func progress() -> SyncProgress {
        let (checkers, total, damaged) = live.withLock { $0 }
        var progress = SyncProgress()
        progress.listingFinished = true
        progress.filesTotal = total
        progress.failed = damaged
        if let checkers { (progress.filesDone, progress.bytesDone) = checkers.done }
        return progress
    }

    /// Runs to the end; blocks the calling thread, on which `report` hears of each finding.
    package func run(
        _ report: (VerifyFinding) -> Void
    ) throws(ArchiveError) -> VerifyOutcome {
        let started = MonotonicClock.now()
        let tree = try ArchiveTree(path: settings.archive, kernel: kernel)
        let (catalog, canWrite) = try Catalog.visit(archive: settings.archive, writing: true)
        defer { catalog.close() }
        let repair = try settings.repair ? lock(catalog, canWrite) : nil
        let pass = try VerifyPass(
            tree: tree, catalog: catalog, repair: repair, keepsCursor: canWrite,
            isCancelled: { self.isCancelled })
        var outcome = VerifyOutcome()
        outcome.archived = pass.archived
        let quota = settings.sample.map { pass.share($0) } ?? pass.archived
        live.withLock { $0 = (pass.checkers, quota, 0) }
        let deadline = settings.maxDuration.map { started + $0.nanoseconds }
        let isOver: @Sendable () -> Bool = { deadline.map { MonotonicClock.now() >= $0 } ?? false }
        while !isOver(), !isCancelled {
            if try pass.isAtEnd() {
                guard try end(tree, catalog, repair, pass, isOver, &outcome, report) else { break }
                try pass.beginAgain()
                continue
            }
            let limit = min(Self.slice, quota - outcome.checked)
            guard limit > 0,
                let slice = try pass.next(
                    limit, isOver: isOver, isCancelled: { self.isCancelled })
            else { break }
            outcome.checked += slice.checked
            for finding in slice.findings {
                outcome.damaged += 1
                report(finding)
            }
            outcome.repaired += slice.repaired
            outcome.putBack += slice.putBack
            live.withLock { $0.damaged = outcome.damaged }
        }
        outcome.bytes = pass.checkers.done.bytes
        // Files that were archived or lost meanwhile are no work left.
        let isLeft = outcome.checked < quota && !pass.isRound
        let endIsLeft = try pass.isAtEnd()
        outcome.budgetReached = isOver() && (isLeft || endIsLeft)
        if let repair, outcome.repaired > 0 {
            _ = try ManifestWriter.write(repair, catalog, at: Timestamp.now())
        }
        outcome.isInterrupted = isCancelled
        outcome.elapsed = .nanoseconds(MonotonicClock.now() - started)
        return outcome
    }

    /// What a round ends with: the transcriptions, then what lies there and is nobody's. Says
    /// whether both were come to.
    private func end(
        _ tree: ArchiveTree, _ catalog: Catalog, _ repair: ArchiveFolder?, _ pass: VerifyPass,
        _ isOver: @escaping @Sendable () -> Bool, _ outcome: inout VerifyOutcome,
        _ report: (VerifyFinding) -> Void
    ) throws(ArchiveError) -> Bool {
        let texts = TextCheck(
            tree: tree, catalog: catalog, repair: repair, checkers: pass.checkers,
            keepsCursor: pass.keepsCursor)
        guard
            try texts.run(
                isOver: isOver, isCancelled: { self.isCancelled }, &outcome, report)
        else { return false }
        let unknown = UnknownFiles(
            tree: tree, catalog: catalog, isAlone: repair != nil,
            isCancelled: { self.isCancelled })
        try unknown.find { finding in
            if finding.isDamage { outcome.damaged += 1 } else { outcome.unknownFiles += 1 }
            report(finding)
        }
        return !isCancelled
    }

    private func lock(
        _ catalog: Catalog, _ canWrite: Bool
    ) throws(ArchiveError) -> ArchiveFolder {
        let folder = try ArchiveFolder(
            path: settings.archive, lockWait: settings.lockWait, kernel: kernel,
            isCancelled: { self.isCancelled })
        guard canWrite else {
            throw ArchiveError(
                .storage, "cannot repair the archive '\(settings.archive)'",
                why: "its catalog cannot be written",
                hint: "check the permissions of '\(settings.archive)'")
        }
        return folder
    }
}
