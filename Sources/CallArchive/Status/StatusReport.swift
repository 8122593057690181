package import Platform

/// What `status` tells, read from the catalog alone.
package struct StatusReport: Sendable {
    /// Recordings at risk that are named; their number is told in any case.
    package static let mostNamed = 10_000
    /// Reasons that are told; there are hardly ever so many.
    private static let mostReasons = 50

    package var archive: String
    package var provider: String
    package var account: String
    package var summary: ArchiveSummary
    /// Why recordings are not archived.
    package var reasons: [NotArchivedReason]
    package var listing: ListingRecord
    package var rule: RetentionRule
    /// Pending, failed or waiting, and deleted soon; the oldest first.
    package var atRisk: [RecordingAtRisk]
    package var atRiskCount: Int
    /// Whether the last complete listing is young enough to know of all that is at risk.
    package var atRiskIsKnown: Bool
    /// The oldest one that is due: pending or failed.
    package var oldestPending: RecordingAtRisk?
    /// Archived ones that the program of `--exec` has still to be given.
    package var handoversLeft: Int
    /// The newest first.
    package var lastRuns: [RunRecord]
}

extension StatusReport {
    package init(
        _ catalog: Catalog, archive: String, rule: RetentionRule, at time: Timestamp, runs: Int
    ) throws(CatalogError) {
        let (provider, account) = try catalog.owner()
        let listing = try catalog.listing()
        let latest = rule.latestStartAtRisk(at: time)
        self.init(
            archive: archive, provider: provider, account: account,
            summary: try catalog.summary(), reasons: try catalog.reasons(limit: Self.mostReasons),
            listing: listing, rule: rule,
            atRisk: try catalog.notArchived(
                startedBy: latest, limit: Self.mostNamed, rule: rule, at: time),
            atRiskCount: try catalog.countNotArchived(startedBy: latest),
            atRiskIsKnown: listing.completedAt.map { rule.covers(listing: $0, at: time) } ?? false,
            oldestPending: try catalog.notArchived(
                startedBy: .init(milliseconds: ClaimState.Position.unknownStart - 1),
                limit: 1, rule: rule, at: time, dueOnly: true
            ).first,
            handoversLeft: try catalog.countHandovers(), lastRuns: try catalog.runs(limit: runs))
    }
}
