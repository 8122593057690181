package import Platform

/// How an archive stands after a run, read from its catalog without the lock.
package struct ArchiveFigures: Sendable {
    /// Recordings at risk that are named; their number is told in any case.
    package static let mostNamed = 100

    package var account: String
    package var summary: ArchiveSummary
    /// The last complete listing's time.
    package var listedAt: Timestamp?
    package var rule: RetentionRule
    /// Pending, failed or waiting, and deleted soon; the oldest first.
    package var atRisk: [RecordingAtRisk]
    package var atRiskCount: Int
    /// False when the last complete listing is so old that recordings since then may be at risk.
    package var atRiskIsKnown = true
    /// The oldest one that is pending, failed or waiting.
    package var oldest: RecordingAtRisk?
    package var lastSuccess: Timestamp?

    package init(
        account: String, summary: ArchiveSummary, listedAt: Timestamp? = nil, rule: RetentionRule,
        atRisk: [RecordingAtRisk] = [], atRiskCount: Int = 0, oldest: RecordingAtRisk? = nil,
        lastSuccess: Timestamp? = nil
    ) {
        self.account = account
        self.summary = summary
        self.listedAt = listedAt
        self.rule = rule
        self.atRisk = atRisk
        self.atRiskCount = atRiskCount
        self.oldest = oldest
        self.lastSuccess = lastSuccess
    }

    /// Nil when there is no catalog, or it can't be read: that is told by others already.
    package static func read(
        archive: String, rule: RetentionRule, at time: Timestamp
    ) -> ArchiveFigures? {
        do throws(CatalogError) {
            let catalog = try Catalog(readingFrom: Self.catalogFile(of: archive))
            defer { catalog.close() }
            return try ArchiveFigures(catalog, rule: rule, at: time)
        } catch {
            return nil
        }
    }

    /// When the run before `run` began, if it ended without a word.
    package static func unfinishedRun(before run: Int64, archive: String) -> Timestamp? {
        do throws(CatalogError) {
            let catalog = try Catalog(readingFrom: Self.catalogFile(of: archive))
            defer { catalog.close() }
            return try catalog.unfinishedRun(before: run)
        } catch {
            return nil
        }
    }

    private init(
        _ catalog: Catalog, rule: RetentionRule, at time: Timestamp
    ) throws(CatalogError) {
        self.rule = rule
        account = try catalog.owner().account
        summary = try catalog.summary()
        listedAt = try catalog.listing().completedAt
        lastSuccess = try catalog.lastSuccess()
        let latest = rule.latestStartAtRisk(at: time)
        atRisk = try catalog.notArchived(
            startedBy: latest, limit: Self.mostNamed, rule: rule, at: time)
        atRiskCount = try catalog.countNotArchived(startedBy: latest)
        atRiskIsKnown = listedAt.map { rule.covers(listing: $0, at: time) } ?? true
        oldest = try catalog.notArchived(
            startedBy: .init(milliseconds: ClaimState.Position.unknownStart - 1),
            limit: 1, rule: rule, at: time
        ).first
    }

    private static func catalogFile(of archive: String) -> String {
        "\(archive)/\(ArchiveFolder.controlName)/\(ArchiveFolder.catalogName)"
    }
}
