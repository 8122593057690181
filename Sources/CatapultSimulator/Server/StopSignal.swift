internal import Glibc

/// Ends every sleep of the server at once.
final class StopSignal: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws(SimulatorError) {
        var ends: [Int32] = [0, 0]
        if unsafe pipe(&ends) != 0 { throw .system(call: "pipe", code: errno) }
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// The pipe becomes readable and stays so.
    func raise() {
        _ = unsafe [UInt8(1)].withUnsafeBytes { unsafe write(writeEnd, $0.baseAddress, 1) }
    }

    /// Waits; false when the server stops meanwhile.
    func sleep(seconds: Double) -> Bool {
        let end = WallClock.monotonic() + seconds
        while true {
            let left = end - WallClock.monotonic()
            if left <= 0 { return true }
            var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            // Rounded up: a wait is never shorter than it was asked to be.
            let milliseconds = Int32(min(left * 1000, 1e6).rounded(.up))
            if unsafe poll(&entry, 1, milliseconds) > 0 { return false }
        }
    }
}
