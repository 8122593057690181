import CLinux
import Glibc

/// Ends a wait of another thread in `waitUntilReadable`.
package final class WakeUp: Sendable {
    private let event: Descriptor

    package init() throws(SystemCallError) {
        let number = clinux_eventfd()
        guard number >= 0 else {
            throw SystemCallError(call: "make", path: "an eventfd", errno: errno)
        }
        event = Descriptor(owning: number)
    }

    /// For `waitUntilReadable`.
    package var number: Int32 { event.number }

    /// From any thread.
    package func signal() {
        var one: UInt64 = 1
        // Eight bytes from eight bytes.
        _ = unsafe write(event.number, &one, 8)
    }

    /// Takes what was signalled until now.
    package func clear() {
        var count: UInt64 = 0
        // Eight bytes into eight bytes.
        _ = unsafe read(event.number, &count, 8)
    }
}

/// Waits until one of the descriptors can be read or has come to its end, `until` (monotonic, ns)
/// at the latest; may return early.
package func waitUntilReadable(_ descriptors: [Int32], until: Int64) {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let rest = max(0, until - MonotonicClock.now())
    // Rounded up: a wait that ends a little too early would spin.
    let milliseconds = Int32(clamping: (rest + 999_999) / 1_000_000)
    // As many entries as are told.
    _ = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
}
