import Glibc
import Platform
import Synchronization

/// A limit on the bytes per second of all lanes together.
///
/// A lane that has read beyond it rests before it reads again; the sockets' own buffers then
/// hold the senders back. Exact over time, and smooth since reads are small under a limit.
package final class ByteRateLimit: Sendable {
    private struct State {
        /// Monotonic time (ns) at which what was read so far would have been in time.
        var clear: Int64 = .min
    }

    /// So much time (ns) that was slept too long is made up for: a loaded machine wakes late.
    private static let credit: Int64 = 25_000_000

    /// Less than this (ns) is not slept but added to the next pause: each costs a wake-up, and
    /// libcurl hands out 16 KiB at a time.
    private static let shortestPause: Int64 = 1_000_000

    /// Short, so that `stop` is heard between two of them.
    private static let longestPause: Int64 = 5_000_000

    private let bytesPerSecond: Double
    private let state = Locked(State())

    package init(bytesPerSecond: Int64) {
        self.bytesPerSecond = Double(max(1, bytesPerSecond))
    }

    /// Bytes have been read.
    func spend(_ bytes: Int, now: Int64) {
        let time = Int64(Double(bytes) / bytesPerSecond * 1e9)
        state.withLock { $0.clear = max($0.clear, now - Self.credit) + time }
    }

    /// Holds the lane up a moment when that was too early, on its own thread.
    ///
    /// libcurl empties a socket in up to a hundred reads before the lane can rest: at 100 MiB/s
    /// a second was 11 % over the limit.
    func pause(now: Int64) {
        let rest = min(rest(now: now), Self.longestPause)
        if rest > 0 { usleep(UInt32(rest / 1000)) }
    }

    /// How long to rest (ns) before reading again; 0: go on.
    func rest(now: Int64) -> Int64 {
        // At first `clear` is so far back that the difference has no room.
        let rest = state.withLock { max($0.clear, now) - now }
        return rest < Self.shortestPause ? 0 : rest
    }
}
