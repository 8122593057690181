import CallArchiveCommands
import Platform
import Testing

@testable import CallArchive

struct StatusPageTests {
    private static let day: Int64 = 86_400_000
    private let now = Timestamp(milliseconds: 1_767_323_045_000)

    private func atRisk(_ id: String, _ status: ArchiveStatus, left: Double) -> RecordingAtRisk {
        let expiry = Timestamp(milliseconds: now.milliseconds + Int64(left * Double(Self.day)))
        let start = Timestamp(milliseconds: expiry.milliseconds - 30 * Self.day)
        return RecordingAtRisk(
            id: id, status: status, startTime: start.iso8601, start: start, expiresAt: expiry,
            daysLeft: left)
    }

    private var empty: StatusReport {
        StatusReport(
            archive: "/srv/calls", provider: "catapult", account: "u-123",
            summary: ArchiveSummary(), reasons: [], listing: ListingRecord(),
            rule: RetentionRule(), atRisk: [], atRiskCount: 0, atRiskIsKnown: false,
            handoversLeft: 0, lastRuns: [])
    }

    private var troubled: StatusReport {
        var report = empty
        report.summary.listed = 1039
        report.summary.archived = 1034
        report.summary.failed = 3
        report.summary.waiting = 1
        report.summary.gone = 1
        report.summary.bytes = 1_234_567_890
        report.reasons = [
            NotArchivedReason(
                status: .failed, code: "http-500", count: 2, id: "r-1",
                message: "the provider answered 500: server-error: Something is wrong here"),
            NotArchivedReason(
                status: .failed, code: "not-audio", count: 1, id: "r-\u{1b}[31m",
                message: "it is an HTML page: Maintenance"),
            NotArchivedReason(
                status: .gone, code: "http-404", count: 1, id: "r-7",
                message: "the provider answered 404: media-not-found"),
        ]
        report.listing.isComplete = true
        report.listing.completedAt = now
        report.atRisk = [
            atRisk("r-1", .failed, left: -0.5),
            atRisk("a-very-long-identifier-that-no-window-has-room-for", .pending, left: 0.4),
            atRisk("r-3", .waiting, left: 1.2), atRisk("r-4", .failed, left: 6.9),
        ]
        report.atRiskCount = 1005
        report.atRiskIsKnown = true
        report.oldestPending = report.atRisk.first
        report.handoversLeft = 1
        report.lastRuns = [
            RunRecord(
                run: 3, startedAt: now,
                finishedAt: Timestamp(milliseconds: now.milliseconds + 41_000), exitStatus: 5,
                archived: 8, failed: 1,
                error: "cannot reach the provider at https://api.example.com: it rests"),
            RunRecord(
                run: 2, startedAt: Timestamp(milliseconds: now.milliseconds - Self.day),
                finishedAt: now, exitStatus: 0, archived: 1026),
            RunRecord(run: 1, startedAt: Timestamp(milliseconds: now.milliseconds - 2 * Self.day)),
        ]
        return report
    }

    private var calm: StatusReport {
        var report = empty
        report.atRiskIsKnown = true
        report.listing.isComplete = true
        report.listing.completedAt = now
        return report
    }

    @Test func `a status fits its window, and is whole in a pipe`() throws {
        var page = ""
        for width in [nil, 60, 80, 200] {
            for report in [troubled, calm, empty] {
                let text = StatusPage.render(report, width: width)
                page += "width \(width.map { "\($0)" } ?? "none")\n\(text)\n"
                guard let width else { continue }
                for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
            }
        }
        #expect(!page.contains("\u{1b}"))
        try expectSnapshot(page, "status.txt")
    }

    @Test func `colours change nothing but the colour`() {
        let plain = StatusPage.render(troubled, width: 60)
        let painted = StatusPage.render(troubled, width: 60, paint: Paint(isOn: true))
        #expect(painted != plain && painted.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
    }

    @Test func `a status in JSON`() throws {
        let lines = [troubled, empty].map {
            String(decoding: OutputShapes.status($0), as: UTF8.self)
        }
        try expectSnapshot(lines.joined(), "status.ndjson")
    }
}
