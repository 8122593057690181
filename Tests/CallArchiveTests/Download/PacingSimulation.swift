import CallArchive
import CatapultSimulator
import Platform
import Testing
import Transfer

/// A provider that grants so many requests a second, in virtual time.
struct SimulatedLimit: Sendable, CustomTestStringConvertible {
    enum Reset: String, CaseIterable, Sendable {
        case exact, missing, wholeSeconds, clockOff
    }

    var rate: Int
    var window: RateLimit.Window
    var reset: Reset
    /// Seconds from request to answer; a tenth more or less each time.
    var latency: Double

    var testDescription: String { "\(rate)/s \(window), reset \(reset), \(latency) s" }

    static let all: [SimulatedLimit] = [1, 20, 200].flatMap { rate in
        RateLimit.Window.allCases.flatMap { window in
            Reset.allCases.flatMap { reset in
                [0.02, 0.1].map {
                    SimulatedLimit(rate: rate, window: window, reset: reset, latency: $0)
                }
            }
        }
    }
}

/// A pacer against a provider, with as many requests under way as a run has.
struct PacingSimulation {
    struct Result {
        var granted = 0
        var refused = 0
        /// Granted and refused in each second, and the rate at its end.
        var seconds: [(granted: Int, refused: Int, rate: Double?)] = []
    }

    private enum Happening {
        case arrival
        case answer(pause: Int64?, isGranted: Bool)
    }

    private static let second: Int64 = 1_000_000_000
    private static let epoch: Int64 = 1_800_000_000_000

    var limit: SimulatedLimit
    var concurrency = 32
    var seed: UInt64 = 1

    /// What happened between `learning` and `end`, in seconds.
    func run(learning: Int, end: Int) -> Result {
        var random = seed &* 0x9E37_79B9_7F4A_7C15
        var server = RateLimiter(limit: RateLimit(requests: limit.rate, window: limit.window))
        var pacer = Pacer(.auto)
        var events: [(at: Int64, Happening)] = []
        var result = Result()
        var perSecond = (granted: 0, refused: 0)
        var now: Int64 = 0
        var underWay = 0
        while now < Int64(end) * Self.second {
            var wake = Int64.max
            while underWay < concurrency {
                if case .wait(let until) = pacer.reserve(now: now) {
                    wake = until
                    break
                }
                underWay += 1
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let jitter = 0.9 + 0.2 * Double(random >> 40) / Double(1 << 24)
                events.append((now + Int64(limit.latency * jitter * 5e8), .arrival))
            }
            let next = events.indices.min { events[$0].at < events[$1].at }
            guard let next, events[next].at <= wake else {
                now = max(now + 1, wake)
                continue
            }
            let (at, event) = events.remove(at: next)
            while Int64(result.seconds.count) < at / Self.second {
                result.seconds.append((perSecond.granted, perSecond.refused, pacer.rate(now: at)))
                perSecond = (0, 0)
            }
            now = at
            switch event {
            case .arrival:
                let reset = server.admit(at: Self.epoch + 347 + now / 1_000_000)
                events.append(
                    (
                        now + Int64(limit.latency * 5e8),
                        .answer(
                            pause: reset.flatMap { pause(until: $0, now) }, isGranted: reset == nil)
                    ))
                if reset == nil { perSecond.granted += 1 } else { perSecond.refused += 1 }
                if now >= Int64(learning) * Self.second {
                    if reset == nil { result.granted += 1 } else { result.refused += 1 }
                }
            case .answer(let pause, let isGranted):
                underWay -= 1
                if isGranted {
                    pacer.granted(now: now)
                } else {
                    _ = pacer.refused(now: now, pause: pause)
                }
            }
        }
        return result
    }

    /// What our side makes of the provider's words, which name a time by its own clock.
    private func pause(until reset: Int64, _ now: Int64) -> Int64? {
        let server = Self.epoch + 347 + now / 1_000_000
        let skew: Int64 = limit.reset == .clockOff ? 90_000 : 0
        let date = DateText.http(server + skew)
        let text: String
        switch limit.reset {
        case .missing: return nil
        case .exact, .clockOff: text = "\(reset + skew)"
        case .wholeSeconds: text = "\((reset + 999) / 1000)"
        }
        return RateLimitReset.pause(
            reset: text, date: date, now: Timestamp(milliseconds: server))?.nanoseconds
    }
}
