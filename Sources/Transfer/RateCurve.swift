/// The rate over the time since a family may send again, around the limit it is believed to have.
///
/// From a little below the limit to it within `span`, flat there, then beyond it, ever faster: the
/// shape that TCP CUBIC gives its window (RFC 9438, section 4.2). The nearer the belief has proved, the
/// longer the span, so that refusals and their pauses become rare. The figures were found by random search
/// over simulated providers and are checked on such by PacingSimulationTests.
struct RateCurve: Sendable, Equatable {
    /// Share that the curve starts below the limit.
    private static let margin = 0.022
    /// How steeply it goes beyond it.
    private static let ascent = 0.165
    /// A measured limit is believed to this share.
    static let caution = 0.992
    /// What a refusal soon after the last one leaves of the limit.
    static let cut = 0.93
    /// A refusal below this many times the limit confirms it.
    private static let near = 1.08
    private static let longerSpan = 2.64
    private static let shorterSpan = 0.445
    private static let shortestSpan = 3.6
    private static let longestSpan = 90.0
    /// A span is at least so many requests, pauses and refused requests long.
    private static let requestsInSpan = 20.0
    private static let pausesInSpan = 16.0
    private static let refusalsInSpan = 35.0

    /// Requests per second.
    var limit: Double
    private var span = Self.shortestSpan
    private var start: Int64

    init(limit: Double, now: Int64) {
        self.limit = limit
        start = now
        restart(now: now)
    }

    /// Seconds whose grants say what the limit is: a second, or ten requests.
    var measuringTime: Double { max(1, 10 / limit) }

    func rate(now: Int64) -> Double {
        let x = Double(now - start) / 1e9 / span - 1
        return x < 0 ? limit * (1 - Self.margin * x * x) : limit * (1 + Self.ascent * x * x * x)
    }

    /// Takes in a refusal at the end of a cycle long enough to have measured `recent` requests/s.
    mutating func learn(refusedAt rate: Double, recent: Double, pause: Double, refusals: Int) {
        let isNear = rate < limit * Self.near
        limit = min(rate, max(recent, limit * 0.9)) * Self.caution
        span =
            isNear
            ? min(
                Self.longestSpan,
                max(
                    span * Self.longerSpan, Self.pausesInSpan * pause,
                    Self.refusalsInSpan * Double(refusals) / limit))
            : span * Self.shorterSpan
    }

    mutating func restart(now: Int64) {
        span = max(span, Self.shortestSpan, Self.requestsInSpan / limit)
        start = now
    }
}

/// What was granted between a resumption and the refusal that ended it.
struct PacingCycle: Sendable, Equatable {
    /// Grants remembered one by one.
    private static let memory = 256

    private(set) var start: Int64?
    private(set) var granted = 0
    private(set) var firstRefusal: Int64 = 0
    private(set) var refusedRate: Double?
    var refusals = 0
    /// The last grants' times, a ring.
    private var times: [Int64] = []
    private var next = 0

    mutating func begin(_ now: Int64) {
        if start == nil { start = now }
    }

    mutating func grant(_ now: Int64) {
        granted += 1
        if times.count < Self.memory {
            times.append(now)
        } else {
            times[next] = now
            next = (next + 1) % Self.memory
        }
    }

    /// The first refusal; requests that were under way may be granted or refused after it.
    mutating func end(_ now: Int64, rate: Double?) {
        firstRefusal = now
        refusedRate = rate
    }

    /// Grants per second in the last `seconds` before the refusal; nil when the cycle was shorter.
    func recentRate(over seconds: Double) -> Double? {
        guard let start, Double(firstRefusal - start) / 1e9 >= seconds else { return nil }
        let from = firstRefusal - Int64(seconds * 1e9)
        let recent = times.filter { $0 > from && $0 <= firstRefusal }
        guard recent.count >= 3, let first = recent.min(), let last = recent.max(), last > first
        else { return nil }
        return Double(recent.count - 1) * 1e9 / Double(last - first)
    }
}
