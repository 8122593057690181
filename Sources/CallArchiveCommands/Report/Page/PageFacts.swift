import CallArchive
import Platform

/// What the page's script is told besides the recordings.
struct PageFacts {
    static let schema = "callarchive.report/1"

    var status: StatusReport
    var at: Timestamp
    var window: StartWindow
    /// Path from the page's folder to the archive, not percent-encoded; "" or ending in a slash.
    var base: String
    /// Recordings on the page.
    var rows = 0
    var waveforms = 0

    /// One JSON object, as it may stand in a script element.
    var bytes: [UInt8] {
        let object = JSONValue.object([
            .init("schema", .string(Self.schema)),
            .init("generator", .string(CallArchiveVersion.generator)),
            .init("generatedAt", .integer(at.milliseconds)),
            .init("provider", .string(status.provider)),
            .init("account", .string(status.account)),
            .init("base", .string(base)),
            .init("statuses", .array(ArchiveStatus.allCases.map { .string($0.rawValue) })),
            .init("summary", .encoded { ManifestDocument.append(status.summary, to: &$0) }),
            .init(
                "listing",
                .object([
                    .init("complete", .bool(status.listing.isComplete)),
                    .init("completedAt", Self.moment(status.listing.completedAt)),
                ])),
            .init("lastRun", status.lastRuns.first.map(Self.run) ?? .null),
            .init("retentionDays", .integer(status.rule.days)),
            .init("atRiskDays", .integer(status.rule.warnedBefore)),
            .init("atRisk", .integer(status.atRiskCount)),
            .init("since", Self.moment(window.since)),
            .init("until", Self.moment(window.until)),
            .init("rows", .integer(rows)),
            .init("waveforms", .integer(waveforms)),
        ])
        return PageRow.inScript(object.line)
    }

    /// For the window's title.
    var title: String { "Call recordings of \(status.account)" }

    /// For a browser that runs no scripts.
    var words: String {
        let summary = status.summary
        if window != StartWindow() {
            return "\(Wording.count(rows, "recording")) of a part of the time, "
                + "as of \(at.iso8601)."
        }
        return "\(Wording.count(summary.archived)) of "
            + "\(Wording.count(summary.listed, "recording")) archived "
            + "(\(Wording.bytes(summary.bytes))), \(Wording.count(summary.failed)) failed, "
            + "\(Wording.count(status.atRiskCount)) at risk, as of \(at.iso8601)."
    }

    private static func run(_ run: RunRecord) -> JSONValue {
        .object([
            .init("startedAt", .integer(run.startedAt.milliseconds)),
            .init("exitStatus", run.exitStatus.map { .integer($0) } ?? .null),
            .init("error", .string(run.error)),
        ])
    }

    private static func moment(_ time: Timestamp?) -> JSONValue {
        time.map { .integer($0.milliseconds) } ?? .null
    }
}
