import CallArchive
import CatapultSimulator
import Dispatch
import Glibc
import Platform
import Testing

/// A run as a whole: order, budgets, windows, interruption, accounts.
struct SyncTests {
    @Test func `the oldest are archived first, whatever the order of the listing`() throws {
        let bench = try SyncBench(count: 9, size: 4 << 10) { $0.recordings.newestFirst = true }
        let run = try bench.sync { $0.concurrency = 1 }
        #expect(run.log.archived == (1...9).map { "r-00000\($0)" })
        #expect(run.outcome.newBytes == run.outcome.summary.bytes)
        #expect(run.outcome.summary.archived == 9)
        #expect(run.outcome.pages == 1)
    }

    @Test func `a budget of files ends the run with work left, and the next goes on`() throws {
        let bench = try SyncBench(count: 5, size: 4 << 10)
        let first = try bench.sync { $0.maxFiles = 2 }
        #expect(first.archivedCount == 2)
        #expect(first.outcome.budgetReached)
        #expect(first.outcome.listingComplete)
        let second = try bench.sync { $0.maxFiles = 3 }
        #expect(second.archivedCount == 5)
        #expect(!second.outcome.budgetReached)
        #expect(bench.simulator.log().count { $0.family == .media } == 5)
    }

    @Test func `no time at all archives nothing and says that work is left`() throws {
        let bench = try SyncBench()
        let run = try bench.sync { $0.maxDuration = .zero }
        #expect(run.archivedCount == 0)
        #expect(run.outcome.budgetReached)
        #expect(try bench.sync().archivedCount == 3)
    }

    @Test func `a window leaves the others pending`() throws {
        let bench = try SyncBench(count: 4, size: 4 << 10)
        let all = try bench.sync { $0.maxFiles = 0 }
        let starts = try (1...4).map { number in
            try #require(
                all.entries["r-00000\(number)"]?.startTime.flatMap(Timestamp.init(iso8601:)))
        }
        let run = try bench.sync {
            $0.since = starts[1]
            $0.until = starts[3]
        }
        #expect(run.log.archived.sorted() == ["r-000002", "r-000003"])
        #expect(run.status("r-000004") == .pending)
        #expect(!run.outcome.budgetReached)
    }

    @Test func `an interrupted run ends at once, and what it has is gone on with`() throws {
        let bench = try SyncBench(
            count: 1, size: 400 << 10, faults: ["media:stall@0.5:seconds=600"])
        var settings = bench.settings
        settings.stallTimeout = .seconds(300)
        let part =
            bench.path + "/.callarchive/partial/" + ArchiveFolder.partName(for: "r-000001")
        let started = MonotonicClock.now()
        let outcome = try runInterrupted(settings, whenThereIs: part)
        #expect(outcome.interruptedBy == SIGTERM)
        #expect(outcome.error == nil)
        #expect(MonotonicClock.now() - started < 30_000_000_000)
        #expect(bench.parts().count == 1)
        #expect(try bench.entries()["r-000001"]?.status == .pending)
        #expect(try bench.bytes("manifest.json").isEmpty == false)

        bench.simulator.clearFaults()
        bench.simulator.clearLog()
        let second = try bench.sync()
        #expect(second.archivedCount == 1)
        #expect(bench.mediaRequests(of: "r-000001").map(\.status) == [206])
        #expect(try bench.wrongFiles() == [])
    }

    /// Interrupts a run soon after a file has come to be, after ten seconds at the latest.
    private func runInterrupted(
        _ settings: SyncSettings, whenThereIs file: String
    ) throws -> SyncOutcome {
        let sync = Sync(settings: settings, observer: EventLog())
        DispatchQueue(label: "test.interrupt").async {
            for _ in 0..<100 where access(file, F_OK) != 0 { usleep(100_000) }
            usleep(300_000)
            sync.interrupt(signal: SIGTERM)
        }
        return try sync.run()
    }

    @Test func `another account's archive is refused before anything is asked`() throws {
        let bench = try SyncBench()
        _ = try bench.sync()
        bench.simulator.clearLog()
        let error = #expect(throws: ArchiveError.self) {
            try bench.sync { $0.account = "u-other" }
        }
        #expect(error?.kind == .usage)
        #expect(bench.simulator.log().isEmpty)
    }

    @Test func `what is gone is asked for again only when that is wanted`() throws {
        let bench = try SyncBench()
        bench.simulator.removeMedia(of: "r-000002")
        #expect(try bench.sync().status("r-000002") == .gone)
        bench.simulator.clearLog()
        #expect(try bench.sync().status("r-000002") == .gone)
        #expect(bench.mediaRequests(of: "r-000002").isEmpty)
        #expect(try bench.sync { $0.retryGone = true }.status("r-000002") == .gone)
        #expect(bench.mediaRequests(of: "r-000002").count == 1)
    }

    @Test func `a rate that the provider limits is kept, and all is archived`() throws {
        let bench = try SyncBench(count: 12, size: 4 << 10) {
            $0.rates = [.media: RateLimit(requests: 5, per: 1)]
        }
        let run = try bench.sync()
        #expect(run.archivedCount == 12)
        #expect(run.outcome.error == nil)
        #expect(run.outcome.refused > 0)
        #expect(run.log.failed.isEmpty)
    }

    @Test func `too little room stops before anything is written`() throws {
        let bench = try SyncBench()
        let error = #expect(throws: ArchiveError.self) { try bench.sync { $0.minFree = .max } }
        #expect(error?.kind == .storage)
        #expect(bench.files() == [])
        #expect(bench.simulator.log().isEmpty)
    }
}
