/// What a verification is told.
package struct VerifySettings: Sendable {
    /// Path of the archive folder.
    package var archive: String
    /// The share of the recordings to look at, above 0 and up to 1; nil: all.
    package var sample: Double?
    /// Soft: no file is begun after it.
    package var maxDuration: Duration?
    /// Sets damaged recordings back to pending and moves their files away.
    package var repair = false
    /// For `repair`, which takes the archive's lock.
    package var lockWait = Duration.zero

    package init(archive: String) {
        self.archive = archive
    }
}

/// How a verification ended.
package struct VerifyOutcome: Sendable, Equatable {
    /// Archived files there are.
    package var archived = 0
    /// Looked at by this run; and the bytes read.
    package var checked = 0
    package var bytes: Int64 = 0
    /// Findings that are damage.
    package var damaged = 0
    /// Set back to pending.
    package var repaired = 0
    /// Missing ones that lay elsewhere below `recordings/` and are in their places again.
    package var putBack = 0
    package var unknownFiles = 0
    /// `maxDuration` ended the run with files left.
    package var budgetReached = false
    package var isInterrupted = false
    package var elapsed = Duration.zero

    package init() {}
}
