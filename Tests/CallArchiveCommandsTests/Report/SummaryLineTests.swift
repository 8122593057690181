import CallArchive
import CallArchiveCommands
import Testing

struct SummaryLineTests {
    private func line(_ change: (inout SyncOutcome) -> Void) -> String {
        var outcome = SyncOutcome()
        outcome.listingComplete = true
        outcome.elapsed = .seconds(41)
        outcome.summary.archived = 1034
        change(&outcome)
        return SummaryLine.render(outcome)
    }

    @Test func `a good night`() {
        #expect(
            line {
                $0.newlyArchived = 128
                $0.newBytes = 211_077_000
                $0.summary.waiting = 2
            } == "128 archived (201.3 MiB), 1,034 in all, 2 waiting, none failed, in 41 s")
    }

    @Test func `a night without calls`() {
        #expect(line { _ in } == "nothing new, 1,034 in all, none failed, in 41 s")
    }

    @Test func `a bad night says what is missing`() {
        #expect(
            line {
                $0.newlyArchived = 1
                $0.newBytes = 2048
                $0.summary.waiting = 1
                $0.summary.pending = 12
                $0.summary.failed = 3
                $0.summary.gone = 4
                $0.summary.unavailable = 5
                $0.listingComplete = false
            } == "1 archived (2.0 KiB), 1,034 in all, 1 waiting, 12 pending, 3 failed, 4 gone, "
                + "5 unavailable, in 41 s; the listing is not complete")
    }

    @Test func `why it ended early`() {
        #expect(
            line { $0.interruptedBy = 15 }.hasSuffix(
                "; stopped by SIGTERM, the next run goes on from here"))
        #expect(
            line { $0.budgetReached = true }.hasSuffix(
                "; budget reached, the next run goes on from here"))
        #expect(
            line { $0.error = ArchiveError(.storage, "w", why: "y") }.hasSuffix(
                "; stopped by an error"))
    }
}
