/// Counts what one family was granted. Pure: the time is handed in, in milliseconds.
package struct RateLimiter: Sendable {
    private let limit: RateLimit
    private var windowStart: Int64 = 0
    private var granted = 0
    /// Times of what was granted within the last span, oldest first, for the sliding window.
    private var times: [Int64] = []

    package init(limit: RateLimit) {
        self.limit = limit
    }

    /// Nil when granted, else the time from which on the next request is.
    package mutating func admit(at now: Int64) -> Int64? {
        let span = max(1, Int64(limit.seconds * 1000))
        switch limit.window {
        case .fixed:
            let start = now / span * span
            if start != windowStart {
                windowStart = start
                granted = 0
            }
            guard granted < limit.requests else { return start + span }
            granted += 1
        case .sliding:
            if let fresh = times.firstIndex(where: { $0 > now - span }) {
                times.removeFirst(fresh)
            } else {
                times.removeAll()
            }
            guard times.count < limit.requests else { return (times.first ?? now) + span }
            times.append(now)
        }
        return nil
    }
}
