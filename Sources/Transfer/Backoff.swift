/// Exponential backoff with full jitter: the pause before attempt n + 1 is even-distributed
/// between 0 and min(cap, base × 2^(n − 1)).
///
/// | attempt that failed | longest pause |
/// |---|---|
/// | 1 | 0.5 s |
/// | 2 | 1 s |
/// | 3 | 2 s |
/// | 8 and more | 60 s |
package struct Backoff: Sendable, Equatable {
    package var base = Duration.milliseconds(500)
    package var cap = Duration.seconds(60)

    /// A provider that asks to be left alone for longer is asked again by the next run.
    package static let longestWait = Duration.seconds(900)

    package init() {}

    /// Says why a pause (ns) is not waited for.
    package static func tooLong(_ pause: Int64) -> String {
        " (and to come back in \(pause / 1_000_000_000) s, which the next run will do)"
    }

    /// The longest pause after the `attempt`-th failure, from 1.
    package func ceiling(attempt: Int) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        return min(cap, base * (1 << doublings))
    }

    /// The pause; `random` is even-distributed in 0..<1.
    package func pause(attempt: Int, random: Double) -> Duration {
        ceiling(attempt: attempt) * random
    }
}
