import CallArchive
import CatapultSimulator
import Platform
import Testing

struct ArchiveFiguresTests {
    private static let day: Int64 = 86_400_000

    private func read(_ bench: SyncBench, _ rule: RetentionRule = RetentionRule())
        -> ArchiveFigures?
    {
        ArchiveFigures.read(archive: bench.path, rule: rule, at: .now())
    }

    @Test func `without a catalog nothing is known, and nothing is made`() throws {
        let bench = try SyncBench()
        #expect(read(bench) == nil)
        #expect(bench.parts().isEmpty && bench.files().isEmpty)
    }

    @Test func `what is not archived is counted by age, whatever else the status`() throws {
        let now = Timestamp.now().milliseconds
        let bench = try SyncBench(count: 2) { $0.recordings.epoch = now }
        // Just inside and just outside the last seven days of the thirty.
        bench.simulator.update([
            RecordingPatch(
                id: "r-just", state: "saving", startTime: now - 23 * Self.day - 1000),
            RecordingPatch(
                id: "r-not-yet", state: "saving", startTime: now - 23 * Self.day + 3_600_000),
            RecordingPatch(id: "r-late", state: "recording", startTime: now - 31 * Self.day),
            RecordingPatch(id: "r-error", state: "error", startTime: now - 29 * Self.day),
            RecordingPatch(id: "r-fail", startTime: now - 28 * Self.day),
        ])
        try bench.simulator.setFault("media:r-fail:status=500")
        #expect(try bench.sync().outcome.newlyFailed == 1)
        let figures = try #require(read(bench))
        #expect(figures.atRisk.map(\.id) == ["r-late", "r-fail", "r-just"])
        #expect(figures.atRiskCount == 3)
        #expect(figures.oldest?.id == "r-late")
        #expect(figures.summary.archived == 2 && figures.account == "u-simulated")
        #expect(figures.listedAt != nil)
        #expect(try #require(read(bench, RetentionRule(warnedBefore: 0))).atRiskCount == 1)
        #expect(try #require(read(bench, RetentionRule(days: 60))).atRiskCount == 0)
    }

    @Test func `the last success is that of the last run with status 0`() throws {
        let bench = try SyncBench()
        func run(_ status: Int32) throws {
            _ = try Sync(
                settings: bench.settings, observer: EventLog(), exitStatus: { _ in status }
            ).run()
        }
        try run(5)
        #expect(read(bench)?.lastSuccess == nil)
        let before = Timestamp.now()
        try run(0)
        let success = try #require(read(bench)?.lastSuccess)
        #expect(success >= before && success <= .now())
        try run(3)
        #expect(read(bench)?.lastSuccess == success)
    }

    @Test func `a run without an end is known by the next one`() throws {
        let bench = try SyncBench()
        _ = try bench.sync()
        let catalog = try Catalog(
            path: "\(bench.path)/.callarchive/catalog.sqlite", provider: "catapult",
            account: "u-simulated")
        let begun = Timestamp(milliseconds: 1_767_323_045_000)
        let killed = try catalog.beginRun(at: begun)
        let next = try catalog.beginRun(at: .now())
        catalog.close()
        #expect(ArchiveFigures.unfinishedRun(before: next, archive: bench.path) == begun)
        #expect(ArchiveFigures.unfinishedRun(before: killed, archive: bench.path) == nil)
        #expect(ArchiveFigures.unfinishedRun(before: 1, archive: bench.path) == nil)
    }
}
