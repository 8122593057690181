import Glibc
import Platform
import Testing

@testable import CallArchive

struct HandoverRuleTests {
    private let second: Int64 = 1_000_000_000

    @Test func `the timeout is followed by TERM, and five seconds later by KILL`() {
        var patience = HandoverPatience(deadline: 100 * second)
        #expect(patience.step(now: 99 * second, isInterrupted: false) == nil)
        #expect(!patience.isOver && patience.next == 100 * second)
        #expect(patience.step(now: 100 * second, isInterrupted: false) == SIGTERM)
        #expect(patience.isOver && patience.next == 105 * second)
        #expect(patience.step(now: 104 * second, isInterrupted: false) == nil)
        #expect(patience.step(now: 105 * second, isInterrupted: false) == SIGKILL)
    }

    @Test func `an interruption is followed by TERM at once, and a second later by KILL`() {
        var patience = HandoverPatience(deadline: 100 * second)
        #expect(patience.step(now: 10 * second, isInterrupted: true) == SIGTERM)
        #expect(patience.step(now: 10 * second, isInterrupted: true) == nil)
        #expect(patience.step(now: 11 * second, isInterrupted: true) == SIGKILL)
        // Also for one that was on its way out already.
        var late = HandoverPatience(deadline: 100 * second)
        #expect(late.step(now: 100 * second, isInterrupted: false) == SIGTERM)
        #expect(late.step(now: 101 * second, isInterrupted: true) == SIGTERM)
        #expect(late.step(now: 102 * second, isInterrupted: true) == SIGKILL)
    }

    @Test func `only exit status 0 means that it was taken`() {
        let calm = HandoverPatience(deadline: 100 * second)
        var late = calm
        _ = late.step(now: 100 * second, isInterrupted: false)
        var cut = calm
        _ = cut.step(now: 10 * second, isInterrupted: true)
        func verdict(
            _ ending: ChildProcess.Ending, _ patience: HandoverPatience
        ) -> HandoverVerdict {
            HandoverVerdict(ending, patience, timeout: .seconds(100))
        }
        for patience in [calm, late, cut] { #expect(verdict(.exited(0), patience) == .done) }
        #expect(verdict(.exited(2), calm) == .failed("it ended with status 2"))
        #expect(verdict(.signalled(11), calm) == .failed("it was ended by signal 11"))
        #expect(
            verdict(.signalled(15), late) == .failed("it took longer than 100 s and was stopped"))
        #expect(verdict(.signalled(15), cut) == .cut)
        #expect(verdict(.exited(1), cut) == .cut)
    }

    @Test func `a program that always fails is given up, one that sometimes works is not`() {
        var outage = HandoverOutage()
        for _ in 1..<HandoverOutage.most { outage.note(.failed("x")) }
        outage.note(.cut)
        #expect(!outage.isReached)
        outage.note(.done)
        for _ in 1..<HandoverOutage.most { outage.note(.failed("x")) }
        #expect(!outage.isReached)
        outage.note(.failed("x"))
        #expect(outage.isReached)
    }

    @Test func `of what a program wrote the last lines are kept`() {
        var words = LastLines()
        func write(_ text: String) {
            Array(text.utf8).withUnsafeBytes { words.append($0) }
        }
        write("one\n\n  \ntwo\r\nthr")
        write("ee\nfour\u{1b}[31m")
        #expect(words.lines == ["two", "three", "four\u{1b}[31m"])
        write(String(repeating: "y", count: 5000))
        #expect(words.lines == [String(repeating: "y", count: 200) + "…"])
        for number in 0..<5000 { write("line \(number)\n") }
        #expect(words.lines == ["line 4997", "line 4998", "line 4999"])
    }
}
