/// How fast requests of one endpoint family may start; a pure value fed with what happened.
///
/// Learned from refusals: a 429 pauses the family until its reset; the rate then restarts at
/// what was really granted between the last resumption and the end of the pause, less
/// `margin`, and creeps up again. Until the first refusal nothing is held back.
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

    /// Share of the measured rate that a restart stays below.
    package static let margin = 0.03
    /// Growth of the rate with each granted request.
    package static let creep = 0.0004
    /// Slowest rate that is learned: one request in two minutes.
    package static let slowest = 1.0 / 120
    /// Pause after a refusal that names no reset: doubled while nothing is granted.
    package static let defaultPause: Int64 = 1_000_000_000
    package static let longestPause: Int64 = 300_000_000_000

    package let mode: Mode
    /// Requests per second; nil while unlimited.
    package private(set) var rate: Double?
    private var nextAt: Int64 = .min
    package private(set) var pausedUntil: Int64 = .min
    private var isResuming = false
    private var cycleStart: Int64?
    private var grantedInCycle = 0
    private var refusalsInARow = 0

    package init(_ mode: Mode) {
        self.mode = mode
        if case .fixed(let perSecond) = mode { rate = perSecond }
    }

    /// Asks for one request to start now.
    package mutating func reserve(now: Int64) -> Verdict {
        if now < pausedUntil { return .wait(until: pausedUntil) }
        if isResuming { resume(now: now) }
        if cycleStart == nil { cycleStart = now }
        guard let rate else { return .go }
        if now < nextAt { return .wait(until: nextAt) }
        let interval = Int64(1e9 / rate)
        // A request that comes late may catch up by one interval at most, never burst.
        nextAt = max(nextAt, now - interval / 2) + interval
        if nextAt < now { nextAt = now + interval }
        return .go
    }

    /// A request of the family was answered otherwise than by 429.
    package mutating func granted() {
        grantedInCycle += 1
        refusalsInARow = 0
        if mode == .auto, let rate { self.rate = rate * (1 + Self.creep) }
    }

    /// A 429 came; `pause` (ns) is what the provider named. Returns the pause in force.
    package mutating func refused(now: Int64, pause: Int64?) -> Int64 {
        let isFirst = now >= pausedUntil
        if isFirst { refusalsInARow += 1 }
        let doubled = Self.defaultPause << min(max(refusalsInARow - 1, 0), 9)
        let rest = min(max(pause ?? doubled, 0), Self.longestPause)
        pausedUntil = max(pausedUntil, now + rest)
        isResuming = true
        return pausedUntil - now
    }

    private mutating func resume(now: Int64) {
        isResuming = false
        if mode == .auto, let cycleStart {
            let elapsed = Double(max(pausedUntil - cycleStart, 1_000_000)) / 1e9
            let measured = Double(grantedInCycle) / elapsed
            let ceiling = rate ?? .infinity
            let floor = max(Self.slowest, (rate ?? 0) / 4)
            rate = max(floor, min(ceiling, measured * (1 - Self.margin)))
        }
        cycleStart = now
        grantedInCycle = 0
        nextAt = now
    }
}
