import Platform
import Testing

@testable import Transfer

struct ByteRateLimitTests {
    private let now = MonotonicClock.now()

    @Test func `before the first byte there is no rest`() {
        let limit = ByteRateLimit(bytesPerSecond: 1000)
        #expect(limit.rest(now: now) == 0)
        #expect(limit.rest(now: 0) == 0)
    }

    @Test func `what was read is rested for, and no more than a blink is saved up`() {
        let limit = ByteRateLimit(bytesPerSecond: 1000)
        limit.spend(500, now: now)
        #expect(limit.rest(now: now) == 475_000_000)
        #expect(limit.rest(now: now + 400_000_000) == 75_000_000)
        limit.spend(100, now: now)
        #expect(limit.rest(now: now) == 575_000_000)
        let later = now + 10_000_000_000
        #expect(limit.rest(now: later) == 0)
        limit.spend(1000, now: later)
        #expect(limit.rest(now: later) == 975_000_000)
    }

    @Test func `less than a millisecond waits for the next pause, and is not lost`() {
        let limit = ByteRateLimit(bytesPerSecond: 1_000_000)
        // The blink that is saved up.
        limit.spend(25_000, now: now)
        limit.spend(600, now: now)
        #expect(limit.rest(now: now) == 0)
        limit.spend(600, now: now)
        #expect(limit.rest(now: now) == 1_200_000)
    }

    @Test func `who always wakes ten milliseconds late still has the whole rate`() {
        let limit = ByteRateLimit(bytesPerSecond: 1_000_000)
        var time = now
        var bytes = 0
        while time < now + 10_000_000_000 {
            limit.spend(50_000, now: time)
            bytes += 50_000
            time += limit.rest(now: time) + 10_000_000
        }
        #expect((9_800_000...10_100_000).contains(bytes))
    }
}
