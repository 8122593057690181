import Testing

@testable import CallArchive

/// Downloads at once, by what the machine has.
struct LaneCountTests {
    @Test(arguments: [
        // Wanted, files that may be open, cores, had.
        (16, 1024, 2, 16), (256, 1024, 2, 256), (256, 1024, 64, 256), (16, 64, 2, 12),
        (256, 64, 2, 12), (256, 64, 64, 7), (4, 64, 2, 4), (16, 20, 2, 1), (1, 3, 1, 1),
    ])
    func `no more at once than there are files to open`(
        wanted: Int, limit: Int, cores: Int, expected: Int
    ) {
        #expect(LaneCount.concurrency(wanted, openFiles: limit, cores: cores) == expected)
    }

    @Test func `a few more lanes than cores, never more than downloads`() {
        #expect(LaneCount.lanes(concurrency: 16, cores: 2) == 4)
        #expect(LaneCount.lanes(concurrency: 3, cores: 2) == 3)
        #expect(LaneCount.lanes(concurrency: 1, cores: 0) == 1)
    }
}
