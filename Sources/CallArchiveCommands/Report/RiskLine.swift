package import CallArchive
import Platform

/// The one line of a sync's log that names what is at risk.
package enum RiskLine {
    /// Recordings that are named; `status` names more.
    private static let mostNamed = 3

    /// As `3 recordings are not archived and will be deleted by the provider within 7 days: 'r-1'
    /// (overdue), 'r-2' (less than a day), 'r-3' (2 days left)`; nil when there is none.
    package static func render(_ figures: ArchiveFigures) -> String? {
        let count = figures.atRiskCount
        guard count > 0 else { return nil }
        let named = figures.atRisk.prefix(mostNamed).map {
            "\(quoted($0.id)) (\(StatusPage.days($0.daysLeft)))"
        }
        let rest = count - named.count
        return "\(Wording.count(count, "recording is", "recordings are")) not archived and will be "
            + "deleted by the provider within \(Wording.count(figures.rule.warnedBefore, "day")): "
            + named.joined(separator: ", ")
            + (rest > 0 ? " and \(Wording.count(rest)) more; callarchive status names them" : "")
    }

    /// When the last complete listing is too old to tell; nil as long as it does.
    package static func unknown(_ figures: ArchiveFigures) -> String? {
        guard !figures.atRiskIsKnown, let listedAt = figures.listedAt else { return nil }
        return
            "the last complete listing ended at \(listedAt.iso8601): what has begun since is not "
            + "known, and the provider may delete it unseen"
    }
}
