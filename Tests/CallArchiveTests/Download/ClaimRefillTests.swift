import Testing

@testable import CallArchive

/// When claims are fetched from the catalog, and that a run with few of them comes to its end.
struct ClaimRefillTests {
    private enum Step {
        case told, low
        case next(hasRoom: Bool)
        case fetched(isAll: Bool)
    }

    /// What each step answers, but for `fetched`.
    private func answers(_ steps: Step...) -> [Bool] {
        var refill = ClaimRefill()
        return steps.compactMap { step in
            switch step {
            case .told: return refill.told()
            case .low: return refill.low()
            case .next(let hasRoom): return refill.next(hasRoom: hasRoom)
            case .fetched(let isAll):
                refill.fetched(isAll: isAll)
                return nil
            }
        }
    }

    @Test func `a fetch is started once, and ends when nothing was told meanwhile`() {
        let answers = answers(
            .told, .told, .next(hasRoom: true), .fetched(isAll: true), .next(hasRoom: true),
            // Nothing more is there: lanes that run low don't ask for it.
            .low, .told)
        #expect(answers == [true, false, true, false, false, true])
    }

    @Test func `more than one fetch took is fetched at once`() {
        let answers = answers(
            .told, .next(hasRoom: true), .fetched(isAll: false), .next(hasRoom: true),
            .fetched(isAll: true), .next(hasRoom: true))
        #expect(answers == [true, true, true, false])
    }

    @Test func `what is told during a fetch is looked at later, when there was no room for it`() {
        let answers = answers(
            .told, .next(hasRoom: true),
            // The last producer ends while the catalog is read.
            .told, .fetched(isAll: true),
            // So many came that no more are wanted now.
            .next(hasRoom: false),
            // Low again: without one more fetch nobody would learn that this was the end.
            .low, .next(hasRoom: true), .fetched(isAll: true), .next(hasRoom: true), .low)
        #expect(answers == [true, true, false, false, true, true, false, false])
    }
}
