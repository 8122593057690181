import CallArchive
import CallArchiveCommands
import Testing

struct ProgressLineTests {
    private func progress(_ change: (inout SyncProgress) -> Void) -> SyncProgress {
        var progress = SyncProgress()
        change(&progress)
        return progress
    }

    /// Ten seconds at 2 MiB and 10 files a second.
    private var history: ProgressHistory {
        var history = ProgressHistory()
        for second in 0...10 {
            history.record(
                progress {
                    $0.bytesDone = Int64(second) << 21
                    $0.filesDone = second * 10
                }, elapsed: .seconds(second))
        }
        return history
    }

    private var busy: SyncProgress {
        progress {
            $0.filesDone = 100
            $0.filesTotal = 1034
            $0.bytesDone = 20 << 20
            $0.retries = 3
            $0.failed = 1
            $0.listingFinished = true
            $0.waitingFor = "rate limit, 12 s"
        }
    }

    @Test(arguments: [
        (
            200,
            "100/1,034 files  20.0 MiB  2.0 MiB/s  1 min 34 s left  3 retries  1 failed  "
                + "waiting: rate limit, 12 s"
        ),
        (
            100,
            "100/1,034 files  20.0 MiB  2.0 MiB/s  1 min 34 s left  1 failed  waiting: rate limit, 12 s"
        ),
        (80, "100/1,034 files  1 min 34 s left  1 failed  waiting: rate limit, 12 s"),
        (60, "100/1,034 files  1 failed  waiting: rate limit, 12 s"),
        (50, "100/1,034 files  waiting: rate limit, 12 s"),
        (20, "100/1,034 files"), (16, "100/1,034 files"), (10, "100/1,034"), (1, "1"), (0, "1"),
    ])
    func `what matters least gives way`(width: Int, expected: String) {
        let line = ProgressLine.render(busy, width: width, history: history)
        #expect(line == expected)
        #expect(line.count <= max(1, width - 1))
    }

    @Test func `the listing is told until there is something to do`() {
        let empty = ProgressHistory()
        func line(_ change: (inout SyncProgress) -> Void) -> String {
            ProgressLine.render(progress(change), width: 80, history: empty)
        }
        #expect(line { _ in } == "listing")
        #expect(line { $0.pagesListed = 3 } == "listing, page 3")
        #expect(line { $0.filesTotal = 5000 } == "0/5,000+ files")
        #expect(line { $0.listingFinished = true } == "0/0 files")
        #expect(
            line { $0.waitingFor = "another run\u{1b}[2J" }
                == #"listing  waiting: another run\x1b[2J"#)
    }

    @Test func `time left and rate wait until there is something to go by`() {
        var history = ProgressHistory()
        #expect(history.bytesPerSecond == nil)
        #expect(history.timeLeft(remaining: 10) == nil)
        history.record(progress { $0.filesDone = 2 }, elapsed: .seconds(5))
        #expect(history.bytesPerSecond == nil)
        #expect(history.timeLeft(remaining: 10) == nil)
        history.record(progress { $0.filesDone = 5 }, elapsed: .seconds(10))
        #expect(history.timeLeft(remaining: 10) == .seconds(20))
        #expect(history.timeLeft(remaining: 0) == nil)
    }

    @Test func `the rate is that of the last ten seconds`() {
        var history = history
        for second in 11...30 {
            history.record(progress { $0.bytesDone = 20 << 20 }, elapsed: .seconds(second))
        }
        #expect(history.bytesPerSecond == 0)
        // A long pause leaves one old sample to compare with.
        history.record(progress { $0.bytesDone = 40 << 20 }, elapsed: .seconds(100))
        #expect(history.bytesPerSecond == nil || (history.bytesPerSecond ?? 0) >= 0)
    }
}
