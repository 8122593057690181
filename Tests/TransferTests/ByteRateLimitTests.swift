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

    @Test func `what was read is rested for, and time that passed is not saved up`() {
        let limit = ByteRateLimit(bytesPerSecond: 1000)
        limit.spend(500, now: now)
        #expect(limit.rest(now: now) == 500_000_000)
        #expect(limit.rest(now: now + 400_000_000) == 100_000_000)
        limit.spend(100, now: now)
        #expect(limit.rest(now: now) == 600_000_000)
        let later = now + 10_000_000_000
        #expect(limit.rest(now: later) == 0)
        limit.spend(1000, now: later)
        #expect(limit.rest(now: later) == 1_000_000_000)
    }
}
