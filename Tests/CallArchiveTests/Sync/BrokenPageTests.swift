import CallArchive
import CatapultSimulator
import Testing

struct BrokenPageTests {
    @Test func `pages behind a broken one are archived, and the walk stays incomplete`() throws {
        let bench = try SyncBench(count: 12, size: 4 << 10, faults: ["recordings:1:invalid-utf8"])
        let run = try bench.sync { $0.pageSize = 4 }
        #expect(!run.outcome.listingComplete)
        #expect(run.outcome.error?.kind == .unreachable)
        // Those of pages one and three at the least.
        for id in ["r-000001", "r-000004", "r-000009", "r-000012"] {
            #expect(run.status(id) == .archived, "\(id)")
        }
        bench.simulator.clearFaults()
        let mended = try bench.sync { $0.pageSize = 4 }
        #expect(mended.outcome.listingComplete)
        #expect(mended.archivedCount == 12)
    }
}
