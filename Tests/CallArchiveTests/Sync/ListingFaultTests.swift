import CallArchive
import CatapultSimulator
import Testing
import Transfer

/// Listings that come wrong: what was listed is archived, nothing is taken for vanished.
struct ListingFaultTests {
    @Test(arguments: ListingFault.all)
    func `a faulty page ends as it must`(_ row: ListingFault) throws {
        let bench = try SyncBench(
            count: 6, size: 16 << 10, faults: ["recordings:1:\(row.fault)"])
        let run = try bench.sync { $0.pageSize = 2 }
        #expect(run.outcome.error?.kind == row.error)
        #expect(run.exit == row.exit)
        #expect(run.outcome.listingComplete == row.isComplete)
        #expect(run.outcome.newlyFailed == 0)
        let isRefused = row.error == .refused
        // A refusal ends the downloads too, as far as they haven't begun.
        #expect(isRefused ? run.archivedCount <= row.archived : run.archivedCount == row.archived)
        #expect(row.requests.contains(bench.listingRequests.count))
        #expect(try bench.wrongFiles() == [])
        #expect(bench.parts() == [])

        bench.simulator.clearFaults()
        let second = try bench.sync { $0.pageSize = 2 }
        #expect(second.archivedCount == 6)
        #expect(second.outcome.listingComplete)
        #expect(second.outcome.error == nil)
        #expect(try bench.wrongFiles() == [])
    }

    @Test(arguments: ["status@500", "cut@0.5", "html-200", "stall@0.5", "status@404"], 0...2)
    func `what the pages before a failing one listed is archived`(
        _ fault: String, _ page: Int
    ) throws {
        let bench = try SyncBench(
            count: 6, size: 4 << 10, faults: ["recordings:\(page):\(fault)"])
        let run = try bench.sync { $0.pageSize = 2 }
        #expect(run.exit == 5)
        #expect(run.archivedCount == 2 * page)
        #expect(!run.outcome.listingComplete)
        #expect(bench.listingRequests.count == page + (fault == "status@404" ? 1 : 2))
        bench.simulator.clearFaults()
        #expect(try bench.sync { $0.pageSize = 2 }.archivedCount == 6)
        #expect(bench.simulator.log().count { $0.family == .media } == 6)
    }

    @Test(arguments: ListingFault.all.filter { !$0.isComplete })
    func `nothing is taken for vanished by a walk that didn't reach its end`(
        _ row: ListingFault
    ) throws {
        let bench = try SyncBench(count: 6, size: 16 << 10)
        bench.simulator.update(RecordingPatch(id: "r-000006", state: "saving"))
        #expect(try bench.sync { $0.pageSize = 2 }.archivedCount == 5)

        try bench.simulator.setFault("recordings:1:\(row.fault)")
        let broken = try bench.sync { $0.pageSize = 2 }
        #expect(!broken.outcome.listingComplete)
        #expect(broken.exit == row.exit)
        #expect(broken.entries.values.allSatisfy { $0.listed })
        #expect(broken.status("r-000006") == .waiting)
        #expect(broken.archivedCount == 5)

        // A whole walk may say so.
        bench.simulator.clearFaults()
        bench.simulator.remove("r-000005")
        bench.simulator.remove("r-000006")
        let whole = try bench.sync { $0.pageSize = 2 }
        #expect(whole.entries["r-000005"]?.listed == false)
        #expect(whole.status("r-000005") == .archived)
        #expect(whole.status("r-000006") == .gone)
        #expect(whole.code("r-000006") == "expired")
    }

    @Test func `a next page on another origin is not asked for`() throws {
        let other = try SyncBench()
        let bench = try SyncBench(count: 6, size: 16 << 10)
        try bench.simulator.setFault(
            "recordings:0:next-other-origin@\(other.simulator.origin)/v1/users/u-simulated/"
                + "recordings?page=1&size=2")
        let run = try bench.sync { $0.pageSize = 2 }
        #expect(run.exit == 5)
        #expect(!run.outcome.listingComplete)
        #expect(run.archivedCount == 2)
        #expect(other.simulator.log().isEmpty)
    }

    @Test(arguments: PagingStyle.allCases, [1, 3, 7, 100])
    func `each way of paging archives everything`(_ style: PagingStyle, _ size: Int) throws {
        let bench = try SyncBench(count: 7, size: 4 << 10) {
            $0.paging = style
            $0.movingRows = 1
            $0.movingWalks = 1
        }
        let run = try bench.sync { $0.pageSize = size }
        #expect(run.outcome.error == nil)
        #expect(run.outcome.listingComplete)
        #expect(run.archivedCount == 7)
        #expect(try bench.wrongFiles() == [])
    }

    @Test(arguments: [(26, true), (25, false)])
    func `no page behind one that looked like the last is its end, behind a full one it is not`(
        size: Int, isComplete: Bool
    ) throws {
        let bench = try SyncBench(
            count: 25, size: 1 << 10, faults: ["recordings:1:status@404"]
        ) { $0.paging = .none }
        let run = try bench.sync { $0.pageSize = size }
        #expect(bench.listingRequests.count == 2)
        #expect(run.outcome.listingComplete == isComplete)
        #expect(run.archivedCount == 25)
    }

    @Test func `rows that move between pages are all archived, each once`() throws {
        let bench = try SyncBench(count: 23, size: 4 << 10) {
            $0.paging = .moving
            $0.movingRows = 2
        }
        let run = try bench.sync { $0.pageSize = 5 }
        #expect(run.archivedCount == 23)
        #expect(run.log.archived.count == 23)
        #expect(bench.simulator.log().count { $0.family == .media } == 23)
    }

    @Test func `a listing that redirects for ever is given up`() throws {
        let bench = try SyncBench(faults: ["recordings:redirect-loop"])
        let run = try bench.sync()
        #expect(run.outcome.error?.kind == .unreachable)
        #expect(bench.listingRequests.count == 1 + AccessPolicy.longestRedirectChain)
        #expect(run.entries.isEmpty)
    }

    @Test func `a row that can't be read is a failure of the run, and all others are archived`()
        throws
    {
        let bench = try SyncBench()
        bench.simulator.update(RecordingPatch(id: "r-000002", raw: "{\"state\":\"complete\"}"))
        let run = try bench.sync()
        #expect(run.outcome.newlyFailed == 1)
        #expect(run.outcome.listingComplete)
        #expect(run.archivedCount == 2)
        #expect(run.log.notices(.error).count == 1)
    }

    @Test func `a provider that can't be reached stops the run`() throws {
        let bench = try SyncBench()
        #expect(try bench.sync().archivedCount == 3)
        bench.simulator.stop()
        let run = try bench.sync()
        #expect(run.outcome.error?.kind == .unreachable)
        #expect(run.outcome.requests == 2)
        #expect(!run.outcome.listingComplete)
        #expect(run.archivedCount == 3)
    }

    @Test func `a host without an address is said to be that`() throws {
        let bench = try SyncBench()
        let run = try bench.sync { $0.baseURL = "http://nonexistent.invalid/v1" }
        #expect(run.outcome.error?.kind == .unreachable)
        #expect(run.outcome.error?.hint?.contains("DNS") == true)
    }

    @Test func `wrong credentials stop the run at the first page`() throws {
        let bench = try SyncBench()
        bench.simulator.setCredentialsRevoked(true)
        let run = try bench.sync()
        #expect(run.outcome.error?.kind == .refused)
        #expect(bench.simulator.log().count == 1)
        #expect(run.entries.isEmpty)
    }
}
