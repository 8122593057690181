import Testing

@testable import CallArchive

/// Downloads at once, by what the machine has.
struct LaneCountTests {
    @Test(arguments: [
        // Wanted, files that may be open, cores, had.
        (16, 1024, 2, 16), (256, 1024, 2, 256), (256, 1024, 64, 256), (16, 64, 2, 13),
        (256, 64, 2, 13), (256, 64, 64, 7), (4, 64, 2, 4), (16, 20, 2, 1), (1, 3, 1, 1),
    ])
    func `no more at once than there are files to open`(
        wanted: Int, limit: Int, cores: Int, expected: Int
    ) {
        #expect(LaneCount.concurrency(wanted, openFiles: limit, cores: cores) == expected)
    }

    @Test func `one more lane than cores, never more than downloads`() {
        #expect(LaneCount.shared(concurrency: 16, cores: 2) == 3)
        #expect(LaneCount.shared(concurrency: 3, cores: 2) == 3)
        #expect(LaneCount.shared(concurrency: 1, cores: 0) == 1)
    }

    @Test(arguments: [
        // At once, files that may be open, cores, lanes of their own for large recordings.
        (16, 1024, 2, 5), (256, 1024, 2, 5), (256, 2048, 64, 0), (4, 1024, 2, 1), (3, 1024, 2, 0),
        (6, 1024, 2, 3), (16, 81, 2, 0), (16, 82, 2, 1), (16, 102, 2, 5), (1, 3, 1, 0),
    ])
    func `lanes for large ones as far as there are files to open`(
        concurrency: Int, limit: Int, cores: Int, expected: Int
    ) {
        #expect(
            LaneCount.own(concurrency: concurrency, openFiles: limit, cores: cores) == expected)
    }
}
