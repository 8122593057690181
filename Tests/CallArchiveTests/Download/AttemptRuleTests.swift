import CallArchive
import Testing
import Transfer

/// What follows from each end of an attempt.
struct AttemptRuleTests {
    private static let transient = AttemptEnding.transient(
        code: "cut", message: "m", retryAfter: nil)

    @Test func `whole bytes are committed`() {
        var rule = AttemptRule(retries: 0)
        #expect(rule.decide(.whole, hasGrown: true, random: 0) == .commit)
        #expect(rule.attempts == 1)
    }

    @Test(arguments: [0, 1, 5])
    func `failures that bring nothing use the budget up`(_ retries: Int) {
        var rule = AttemptRule(retries: retries)
        for attempt in 0..<retries {
            let longest = Backoff().ceiling(attempt: attempt + 1)
            guard
                case .again(let pause, let cause) = rule.decide(
                    Self.transient, hasGrown: false, random: 1)
            else {
                Issue.record("gave up at \(attempt)")
                return
            }
            #expect(Duration.nanoseconds(pause) == longest)
            #expect(cause == "m")
        }
        #expect(
            rule.decide(Self.transient, hasGrown: false, random: 0)
                == .giveUp(status: .failed, code: "cut", message: "m"))
        #expect(rule.attempts == retries + 1)
    }

    @Test func `an attempt that moved bytes is free`() {
        var rule = AttemptRule(retries: 1)
        for _ in 0..<100 {
            let free = rule.decide(Self.transient, hasGrown: true, random: 0)
            #expect(free == .again(after: 0, cause: "m"))
        }
        #expect(rule.decide(Self.transient, hasGrown: false, random: 0) != .keepForNextRun)
        guard case .giveUp = rule.decide(Self.transient, hasGrown: false, random: 0) else {
            Issue.record("still not given up")
            return
        }
    }

    @Test func `a refusal for the rate is no attempt`() {
        var rule = AttemptRule(retries: 0)
        for _ in 0..<50 {
            let ending = AttemptEnding.rateLimited(pause: 7)
            #expect(rule.decide(ending, hasGrown: false, random: 0) == .whenAdmitted(pause: 7))
        }
        #expect(rule.attempts == 0)
        #expect(rule.decide(.interrupted, hasGrown: true, random: 0) == .keepForNextRun)
        #expect(rule.attempts == 0)
    }

    @Test func `bad content is asked for once more`() {
        var rule = AttemptRule(retries: 9)
        let bad = AttemptEnding.badContent(code: "html", message: "m")
        #expect(rule.decide(bad, hasGrown: true, random: 0) == .again(after: 0, cause: "m"))
        #expect(
            rule.decide(bad, hasGrown: true, random: 0)
                == .giveUp(status: .failed, code: "html", message: "m"))
    }

    @Test func `what won't pass is given up at once`() {
        let table: [(AttemptEnding, ArchiveStatus)] = [
            (.gone(code: "c", message: "m"), .gone),
            (.refused(code: "c", message: "m"), .failed),
            (.permanent(code: "c", message: "m"), .failed),
        ]
        for (ending, status) in table {
            var rule = AttemptRule(retries: 9)
            #expect(
                rule.decide(ending, hasGrown: false, random: 0)
                    == .giveUp(status: status, code: "c", message: "m"))
        }
    }

    @Test func `the provider's own pause is kept when it is longer`() {
        var rule = AttemptRule(retries: 3)
        let asked = AttemptEnding.transient(code: "c", message: "m", retryAfter: 9_000_000_000)
        #expect(
            rule.decide(asked, hasGrown: false, random: 0.5)
                == .again(after: 9_000_000_000, cause: "m"))
        let short = AttemptEnding.transient(code: "c", message: "m", retryAfter: 1)
        #expect(
            rule.decide(short, hasGrown: false, random: 0.5)
                == .again(after: 500_000_000, cause: "m"))
    }

    @Test func `pieces are asked for as long as they come`() {
        var rule = AttemptRule(retries: 0)
        for _ in 0..<20 {
            guard case .onward = rule.decide(.more, hasGrown: true, random: 1) else {
                Issue.record("a piece was taken for a failure")
                return
            }
        }
        guard case .giveUp(.failed, "cut", _) = rule.decide(.more, hasGrown: false, random: 1)
        else {
            Issue.record("not given up without progress")
            return
        }
    }

    @Test func `restarts without progress end`() {
        var rule = AttemptRule(retries: 2)
        let restart = AttemptEnding.restart("r")
        #expect(rule.decide(restart, hasGrown: false, random: 1) == .again(after: 0, cause: "r"))
        #expect(rule.decide(restart, hasGrown: false, random: 1) == .again(after: 0, cause: "r"))
        #expect(
            rule.decide(restart, hasGrown: false, random: 1)
                == .giveUp(status: .failed, code: "changed", message: "r"))
    }
}
