import Testing

@testable import CallArchive

/// When claims are fetched from the catalog, and that a run with few of them comes to its end.
struct ClaimRefillTests {
    @Test func `a fetch is started once, and ends when nothing was told meanwhile`() {
        var refill = ClaimRefill()
        #expect(refill.told())
        #expect(!refill.told())
        #expect(refill.next(hasRoom: true))
        refill.fetched(isAll: true)
        #expect(!refill.next(hasRoom: true))
        #expect(!refill.isRunning)
        // Nothing more is there: lanes that run low don't ask for it.
        #expect(!refill.low())
        #expect(refill.told())
    }

    @Test func `more than one fetch took is fetched at once`() {
        var refill = ClaimRefill()
        #expect(refill.told())
        #expect(refill.next(hasRoom: true))
        refill.fetched(isAll: false)
        #expect(refill.next(hasRoom: true))
        refill.fetched(isAll: true)
        #expect(!refill.next(hasRoom: true))
    }

    @Test func `what is told during a fetch is looked at later, when there was no room for it`() {
        var refill = ClaimRefill()
        #expect(refill.told())
        #expect(refill.next(hasRoom: true))
        // The last producer ends while the catalog is read.
        #expect(!refill.told())
        refill.fetched(isAll: true)
        // So many came that no more are wanted now.
        #expect(!refill.next(hasRoom: false))
        // Low again: without one more fetch nobody would learn that this was the end.
        #expect(refill.low())
        #expect(refill.next(hasRoom: true))
        refill.fetched(isAll: true)
        #expect(!refill.next(hasRoom: true))
        #expect(!refill.low())
    }
}
