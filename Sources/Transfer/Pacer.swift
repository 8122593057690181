/// How fast requests of one endpoint family may start; a pure value fed with what happened.
///
/// Learned from refusals: a 429 pauses the family until its reset; then requests start at the
/// rate that was last really granted, and creep up along a curve (`RateCurve`) that is flat
/// where the limit is believed to be. Until the first refusal nothing is held back.
package struct Pacer: Sendable, Equatable {
    package enum Mode: Sendable, Equatable {
        case auto
        /// Nothing is held back but by a 429's pause.
        case none
        /// Requests per second.
        case fixed(Double)
    }

    package enum Verdict: Equatable, Sendable {
        case go
        /// Ask again at that monotonic time (ns).
        case wait(until: Int64)
    }

    /// Slowest rate that is learned: one request in two minutes.
    package static let slowest = 1.0 / 120
    /// Pause after a refusal that names no reset, while no rate is known: doubled while nothing
    /// is granted.
    package static let defaultPause: Int64 = 1_000_000_000
    /// The same once a rate is known: a few requests' time, at least this.
    private static let shortestPause = 0.1
    /// A first window with fewer grants is not believed to be whole.
    private static let fewestToMeasure = 16
    package static let longestPause: Int64 = 300_000_000_000

    package let mode: Mode
    private var curve: RateCurve?
    private var nextAt: Int64 = .min
    package private(set) var pausedUntil: Int64 = .min
    private var isResuming = false
    /// Between the last resumption and the pause.
    private var cycle = PacingCycle()
    /// Several short cycles together, with their pauses.
    private var grantedInAll = 0
    private var secondsInAll = 0.0
    private var refusalsInARow = 0
    /// The first window was not measured: others may have used it up.
    private var hasSkipped = false

    package init(_ mode: Mode) {
        self.mode = mode
    }

    /// Requests per second in force at that time; nil while unlimited.
    package func rate(now: Int64) -> Double? {
        if case .fixed(let perSecond) = mode { return perSecond }
        return curve?.rate(now: now)
    }

    /// Asks for one request to start now.
    package mutating func reserve(now: Int64) -> Verdict {
        if now < pausedUntil { return .wait(until: pausedUntil) }
        if isResuming { resume(now: now) }
        cycle.begin(now)
        guard let rate = rate(now: now) else { return .go }
        if now < nextAt { return .wait(until: nextAt) }
        let interval = Int64(1e9 / rate)
        // A request that comes late may catch up by half an interval at most, never burst.
        nextAt = max(max(nextAt, now - interval / 2) + interval, now)
        return .go
    }

    /// When a request may start, as far as is known now; nil for at once. Takes nothing.
    package func opens(now: Int64) -> Int64? {
        if now < pausedUntil { return pausedUntil }
        if isResuming || rate(now: now) == nil { return nil }
        return now < nextAt ? nextAt : nil
    }

    /// A request of the family was answered otherwise than by 429.
    package mutating func granted(now: Int64) {
        cycle.grant(now)
        refusalsInARow = 0
    }

    /// A 429 came; `pause` (ns) is what the provider named. Returns the pause in force.
    package mutating func refused(now: Int64, pause: Int64?) -> Int64 {
        if now >= pausedUntil { refusalsInARow += 1 }
        if !isResuming { cycle.end(now, rate: rate(now: now)) }
        cycle.refusals += 1
        var unnamed = Self.defaultPause
        if let rate = curve?.limit {
            unnamed = min(unnamed, Int64(1e9 * max(Self.shortestPause, 2 / rate)))
        }
        unnamed <<= min(max(refusalsInARow - 1, 0), 12)
        let rest = min(max(pause ?? unnamed, 0), Self.longestPause)
        pausedUntil = max(pausedUntil, now + rest)
        isResuming = true
        return pausedUntil - now
    }

    private mutating func resume(now: Int64) {
        isResuming = false
        defer {
            cycle = PacingCycle()
            nextAt = now
        }
        guard mode == .auto, let start = cycle.start else { return }
        grantedInAll += cycle.granted
        secondsInAll += max(Double(pausedUntil - start) / 1e9, 0.001)
        let average = Double(grantedInAll) / secondsInAll
        guard var curve else {
            // A killed run's requests, or another client's, count for a window that began before us.
            let isForeign = !hasSkipped && grantedInAll < Self.fewestToMeasure
            if isForeign || grantedInAll == 0 {
                hasSkipped = true
                grantedInAll = 0
                secondsInAll = 0
                return
            }
            curve = RateCurve(limit: max(Self.slowest, average), now: now)
            return
        }
        let pause = Double(pausedUntil - cycle.firstRefusal) / 1e9
        if let recent = cycle.recentRate(over: curve.measuringTime) {
            // A long pause means a window of that length: only whole ones say what is granted.
            if pause > 2 {
                curve.limit = average * RateCurve.caution
            } else {
                curve.learn(
                    refusedAt: cycle.refusedRate ?? recent, recent: recent, pause: pause,
                    refusals: cycle.refusals)
            }
            grantedInAll = 0
            secondsInAll = 0
        } else if cycle.granted > 0 {
            // Refused again soon: a little less, but not below what came through all in all.
            curve.limit = max(curve.limit * RateCurve.cut, min(curve.limit, average))
        }
        curve.limit = max(Self.slowest, curve.limit)
        curve.restart(now: now)
        self.curve = curve
    }
}
