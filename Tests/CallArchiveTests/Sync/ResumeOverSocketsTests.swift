import CallArchive
import CatapultSimulator
import Testing

/// Many recordings over real sockets, each request with its chance of a fault.
struct ResumeOverSocketsTests {
    private static let faults = [
        "media:cut@0.6:chance=0.15", "media:reset-in-body@0.3:chance=0.1",
        "media:range-ignored:chance=0.1", "media:wrong-content-range-start:chance=0.1",
        "media:wrong-content-range-total:chance=0.1", "media:content-range-missing:chance=0.05",
        "media:status@503:chance=0.1", "media:cut-chunked@0.4:chance=0.1",
        "media:etag-only-changes:chance=0.1", "media:etag-changes:nth=40",
        "media:etag-changes:nth=80",
    ]

    @Test(arguments: Validators.allCases, [true, false])
    func `all end archived and byte-exact`(
        _ validators: Validators, _ honoursIfRange: Bool
    ) throws {
        let bench = try SyncBench(count: 60, size: 100 << 10, faults: Self.faults) {
            $0.recordings.sizes = (1 << 10)...(150 << 10)
            $0.validators = validators
            $0.honourIfRange = honoursIfRange
        }
        var run = try bench.sync { $0.retries = 4 }
        // The same chances strike the same requests: what a run gives up, later ones bring.
        for _ in 0..<3 where run.archivedCount < 60 {
            bench.simulator.clearFaults()
            run = try bench.sync { $0.retries = 4 }
        }
        #expect(run.archivedCount == 60)
        #expect(bench.files().count == 60)
        #expect(try bench.wrongFiles() == [])
        #expect(bench.parts() == [])
    }
}
