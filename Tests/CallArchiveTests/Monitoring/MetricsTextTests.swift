import Platform
import Testing

@testable import CallArchive

struct MetricsTextTests {
    private let now = Timestamp(milliseconds: 1_767_323_045_678)

    private var run: RunFigures {
        var outcome = SyncOutcome()
        outcome.newlyArchived = 128
        outcome.newBytes = 211_077_000
        outcome.newlyFailed = 3
        outcome.listingComplete = true
        outcome.requests = 140
        outcome.retries = 5
        outcome.refused = 2
        return RunFigures(
            exitStatus: 3, finishedAt: now, elapsed: .milliseconds(41_050), outcome: outcome)
    }

    private var figures: ArchiveFigures {
        var summary = ArchiveSummary()
        summary.listed = 1049
        summary.archived = 1034
        summary.pending = 1
        summary.failed = 3
        summary.waiting = 2
        summary.gone = 4
        summary.unavailable = 5
        summary.bytes = 1 << 33
        let rule = RetentionRule()
        let start = Timestamp(milliseconds: now.milliseconds - 24 * 86_400_000)
        let oldest = RecordingAtRisk(
            id: "r-1", status: .failed, startTime: start.iso8601, start: start,
            expiresAt: rule.expiry(ofStart: start), daysLeft: 6)
        return ArchiveFigures(
            account: "u-\"1\\2\n3", summary: summary,
            listedAt: Timestamp(milliseconds: now.milliseconds - 678), rule: rule,
            atRisk: [oldest], atRiskCount: 1, oldest: oldest)
    }

    @Test func `a whole file`() {
        let text = MetricsText.render(
            archive: "/srv/calls", run: run, figures: figures,
            lastSuccess: Timestamp(milliseconds: 1_767_236_400_000))
        let samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.replacing("archive=\"/srv/calls\"", with: "") }
        #expect(
            samples == [
                #"callarchive_info{,account="u-\"1\\2\n3",version="0.1.0"} 1"#,
                "callarchive_last_run_timestamp_seconds{} 1767323045.678",
                "callarchive_last_success_timestamp_seconds{} 1767236400",
                "callarchive_last_run_exit_status{} 3",
                "callarchive_last_run_duration_seconds{} 41.050",
                "callarchive_last_run_archived_recordings{} 128",
                "callarchive_last_run_archived_bytes{} 211077000",
                "callarchive_last_run_failed_recordings{} 3",
                "callarchive_last_run_listing_complete{} 1",
                "callarchive_last_run_requests{} 140",
                "callarchive_last_run_retries{} 5",
                "callarchive_last_run_rate_limited_requests{} 2",
                #"callarchive_recordings{,status="archived"} 1034"#,
                #"callarchive_recordings{,status="pending"} 1"#,
                #"callarchive_recordings{,status="failed"} 3"#,
                #"callarchive_recordings{,status="waiting"} 2"#,
                #"callarchive_recordings{,status="gone"} 4"#,
                #"callarchive_recordings{,status="unavailable"} 5"#,
                "callarchive_archived_bytes{} 8589934592",
                "callarchive_last_listing_timestamp_seconds{} 1767323045",
                "callarchive_retention_seconds{} 2592000",
                "callarchive_at_risk_recordings{} 1",
                "callarchive_oldest_unarchived_timestamp_seconds{} 1765249445.678",
                "callarchive_oldest_unarchived_age_seconds{} 2073600",
                "callarchive_oldest_unarchived_retention_left_seconds{} 518400",
            ])
        // Each family once, with help and type before its samples.
        let families = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(families).count == families.count && families.count == 20)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("# HELP ") } == 20)
        #expect(text.hasSuffix("\n") && !text.contains("\n\n"))
    }

    @Test func `what isn't known is left out, a success that never was is 0`() {
        let early = RunFigures(
            exitStatus: 2, finishedAt: now, elapsed: .zero, outcome: nil)
        let text = MetricsText.render(
            archive: "/srv/calls", run: early, figures: nil, lastSuccess: nil)
        #expect(
            text.contains(
                "\ncallarchive_last_success_timestamp_seconds{archive=\"/srv/calls\"} 0\n")
        )
        for absent in ["callarchive_recordings", "at_risk", "oldest", "listing_timestamp"] {
            #expect(!text.contains(absent), "\(absent)")
        }
        var nothingLeft = figures
        nothingLeft.oldest = nil
        #expect(
            !MetricsText.render(
                archive: "/", run: run, figures: nothingLeft, lastSuccess: nil
            ).contains("oldest"))
    }

    @Test func `an overdue recording has less than nothing left`() {
        var overdue = figures
        overdue.oldest?.expiresAt = Timestamp(milliseconds: now.milliseconds - 5)
        #expect(
            MetricsText.render(archive: "/", run: run, figures: overdue, lastSuccess: nil)
                .contains("retention_left_seconds{archive=\"/\"} -0.005\n"))
    }
}
