import Testing
import Transfer

/// The pacer with a clock of our own, in nanoseconds.
struct PacerTests {
    private static let second: Int64 = 1_000_000_000

    /// Requests that start within `seconds`, answered at once.
    private func grants(
        _ pacer: inout Pacer, from start: Int64, seconds: Int64
    ) -> [Int64] {
        var now = start
        var times: [Int64] = []
        while now < start + seconds * Self.second, times.count < 10_000 {
            switch pacer.reserve(now: now) {
            case .go:
                times.append(now)
                pacer.granted(now: now)
                now += 1_000_000
            case .wait(let until): now = max(until, now + 1)
            }
        }
        return times
    }

    @Test(arguments: [Pacer.Mode.auto, .none])
    func `nothing is held back before the first refusal`(_ mode: Pacer.Mode) {
        var pacer = Pacer(mode)
        for _ in 0..<1000 {
            #expect(pacer.reserve(now: 5) == .go)
            pacer.granted(now: 5)
        }
    }

    @Test func `a fixed rate is kept, without bursts`() {
        var pacer = Pacer(.fixed(10))
        let times = grants(&pacer, from: 0, seconds: 10)
        #expect((98...102).contains(times.count))
        // After a pause of our own there is no catching up beyond one interval.
        let late = grants(&pacer, from: 60 * Self.second, seconds: 1)
        #expect(late.count <= 12)
    }

    @Test func `a refusal pauses until the reset it names`() {
        var pacer = Pacer(.none)
        #expect(pacer.refused(now: 100, pause: 5 * Self.second) == 5 * Self.second)
        #expect(pacer.reserve(now: 100 + Self.second) == .wait(until: 100 + 5 * Self.second))
        #expect(pacer.reserve(now: 100 + 5 * Self.second) == .go)
        #expect(pacer.rate(now: 200) == nil)
    }

    @Test func `refusals without a reset double the pause while nothing is granted`() {
        var pacer = Pacer(.auto)
        var now: Int64 = 0
        var pauses: [Int64] = []
        for _ in 0..<12 {
            let pause = pacer.refused(now: now, pause: nil)
            pauses.append(pause / Self.second)
            now += pause
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
        pacer.granted(now: now)
        #expect(pacer.refused(now: now, pause: nil) == Self.second)
    }

    @Test func `refusals of requests already under way count as one`() {
        var pacer = Pacer(.auto)
        #expect(pacer.refused(now: 0, pause: nil) == Self.second)
        // Not doubled, nor shortened by a later answer.
        #expect(pacer.refused(now: 1000, pause: nil) == Self.second)
        #expect(pacer.refused(now: 2000, pause: 100) == Self.second - 1000)
        #expect(pacer.refused(now: 2 * Self.second, pause: nil) == 2 * Self.second)
    }

    @Test(arguments: [-1, 0, Int64.max] as [Int64])
    func `a pause is never negative and never above five minutes`(_ pause: Int64) {
        var pacer = Pacer(.auto)
        let rest = pacer.refused(now: 0, pause: pause)
        #expect((0...Pacer.longestPause).contains(rest))
    }

    @Test func `the rate learned is what was granted, less a margin`() throws {
        var pacer = Pacer(.auto)
        // 20 requests were granted in one second, then comes the refusal.
        for _ in 0..<20 {
            #expect(pacer.reserve(now: 0) == .go)
            pacer.granted(now: 0)
        }
        _ = pacer.refused(now: 0, pause: Self.second)
        #expect(pacer.reserve(now: Self.second) == .go)
        let rate = try #require(pacer.rate(now: Self.second))
        #expect(rate > 19 && rate < 20)
        let times = grants(&pacer, from: Self.second, seconds: 5)
        #expect((90...110).contains(times.count))
    }

    @Test func `a learned rate is kept for a while, then it grows`() throws {
        var pacer = Pacer(.auto)
        for _ in 0..<20 {
            _ = pacer.reserve(now: 0)
            pacer.granted(now: 0)
        }
        _ = pacer.refused(now: 0, pause: Self.second)
        _ = pacer.reserve(now: Self.second)
        let rates = try [1, 4, 5, 12].map { try #require(pacer.rate(now: $0 * Self.second)) }
        #expect(rates == rates.sorted())
        #expect(rates[1] < 20.1 && rates[2] < 20.1 && rates[3] > 22)
    }

    @Test func `a rate given by hand stays as it is`() {
        var pacer = Pacer(.fixed(10))
        _ = pacer.reserve(now: 0)
        _ = pacer.refused(now: 0, pause: Self.second)
        #expect(pacer.reserve(now: Self.second) == .go)
        #expect(pacer.rate(now: Self.second) == 10)
    }

    @Test func `with a known rate a refusal without a reset costs little, and doubles`() {
        var pacer = Pacer(.auto)
        for _ in 0..<100 {
            _ = pacer.reserve(now: 0)
            pacer.granted(now: 0)
        }
        #expect(pacer.refused(now: 0, pause: nil) == Self.second)
        #expect(pacer.reserve(now: Self.second) == .go)
        pacer.granted(now: Self.second)
        let first = pacer.refused(now: 2 * Self.second, pause: nil)
        #expect(first == Self.second / 10)
        let again = 2 * Self.second + first
        #expect(pacer.reserve(now: again) == .go)
        #expect(pacer.refused(now: again, pause: nil) == 2 * first)
    }

    @Test(arguments: [0, 1, 10])
    func `a window that others used up is not measured`(left: Int) throws {
        var pacer = Pacer(.auto)
        // Of a window of 1000 a minute so many were left, half a minute before its end.
        for _ in 0..<left {
            _ = pacer.reserve(now: 0)
            pacer.granted(now: 0)
        }
        _ = pacer.reserve(now: 0)
        _ = pacer.refused(now: 0, pause: 30 * Self.second)
        var now = 30 * Self.second
        for _ in 0..<1000 {
            #expect(pacer.reserve(now: now) == .go)
            pacer.granted(now: now)
        }
        _ = pacer.refused(now: now, pause: 60 * Self.second)
        now += 60 * Self.second
        #expect(pacer.reserve(now: now) == .go)
        let rate = try #require(pacer.rate(now: now))
        #expect(rate > 15 && rate < 17)
    }

    @Test func `no rate below the slowest is learned`() throws {
        var pacer = Pacer(.auto)
        var now: Int64 = 0
        for _ in 0..<3 {
            _ = pacer.reserve(now: now)
            pacer.granted(now: now)
            now += pacer.refused(now: now, pause: 300 * Self.second)
        }
        _ = pacer.reserve(now: now)
        #expect(try #require(pacer.rate(now: now)) >= Pacer.slowest * 0.97)
    }
}
