package import Platform

/// How one run went, as far as monitoring is told.
package struct RunFigures: Sendable {
    package var exitStatus: Int32
    package var finishedAt: Timestamp
    package var elapsed: Duration
    /// Nil when the run ended before it could begin.
    package var outcome: SyncOutcome?

    package init(
        exitStatus: Int32, finishedAt: Timestamp, elapsed: Duration, outcome: SyncOutcome?
    ) {
        self.exitStatus = exitStatus
        self.finishedAt = finishedAt
        self.elapsed = elapsed
        self.outcome = outcome
    }
}
