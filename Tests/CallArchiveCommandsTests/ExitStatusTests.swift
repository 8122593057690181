import CallArchive
import CallArchiveCommands
import Testing

struct ExitStatusTests {
    private func outcome(_ change: (inout SyncOutcome) -> Void) -> SyncOutcome {
        var outcome = SyncOutcome()
        outcome.listingComplete = true
        change(&outcome)
        return outcome
    }

    private func error(_ kind: ArchiveError.Kind) -> ArchiveError {
        ArchiveError(kind, "what", why: "why")
    }

    @Test func `all well, also with gone, waiting and unavailable ones, is 0`() {
        let well = outcome {
            $0.summary.gone = 3
            $0.summary.waiting = 2
            $0.summary.unavailable = 1
            $0.summary.pending = 4
        }
        #expect(ExitStatus(well).code == 0)
    }

    @Test func `each in its turn outranks the rest`() {
        var all = outcome { $0.budgetReached = true }
        #expect(ExitStatus(all).code == 9)
        all.newlyFailed = 1
        #expect(ExitStatus(all).code == 3)
        all.listingComplete = false
        #expect(ExitStatus(all).code == 5)
        all.error = error(.refused)
        #expect(ExitStatus(all).code == 4)
        all.error = error(.storage)
        #expect(ExitStatus(all).code == 6)
        all.error = error(.bug)
        #expect(ExitStatus(all).code == 70)
        all.interruptedBy = 15
        #expect(ExitStatus(all).code == 143)
        all.interruptedBy = 2
        #expect(ExitStatus(all).code == 130)
        all.interruptedBy = 1
        #expect(ExitStatus(all).code == 143)
    }

    @Test(
        arguments: [
            (.usage, 2), (.refused, 4), (.unreachable, 5), (.storage, 6), (.locked, 7), (.bug, 70),
        ] as [(ArchiveError.Kind, Int32)])
    func `each class of error has its status`(kind: ArchiveError.Kind, code: Int32) {
        #expect(ExitStatus(kind).code == code)
        #expect(ExitStatus(outcome { $0.error = error(kind) }).code == code)
    }

    @Test func `the list is complete, without 1`() {
        let codes = ExitStatus.all.map(\.code)
        #expect(codes == [0, 2, 3, 4, 5, 6, 7, 8, 9, 70, 130, 143])
    }
}
