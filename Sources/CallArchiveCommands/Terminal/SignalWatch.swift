import Dispatch
import Glibc
import Platform
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into one orderly stop; a second signal ends the process.
///
/// SIGHUP (the terminal is gone) counts as SIGTERM. What the caller of the program has set to be
/// ignored stays ignored: that is how `nohup` and background jobs protect themselves. A handler
/// passes the number through a pipe to the watch's own queue: Dispatch's signal sources lose
/// signals that arrive at a thread which doesn't block them (measured, Swift 6.3), and an ignored
/// or blocked signal would be inherited by child processes. One watch at a time; it belongs to one
/// thread.
package final class SignalWatch {
    private let queue = DispatchQueue(label: "callarchive.signals")
    private let source: (any DispatchSourceRead)?
    private var watched: [(number: Int32, before: sigaction)] = []

    /// `first` is called once, on the watch's queue, and returns quickly; `again` at each later
    /// signal.
    package init(
        first: @escaping @Sendable (Int32) -> Void,
        again: @escaping @Sendable (Int32) -> Void = { _exit(ExitStatus(signal: $0).code) }
    ) {
        var ends: [Int32] = [-1, -1]
        // Two descriptors are written to an array of two.
        guard unsafe pipe(&ends) == 0 else {
            // Signals end the program as by default: resuming covers that.
            source = nil
            return
        }
        let (reader, writer) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        let source = DispatchSource.makeReadSource(fileDescriptor: reader, queue: queue)
        let seen = Locked(false)
        source.setEventHandler {
            var number: UInt8 = 0
            // One byte into one byte.
            while unsafe read(reader, &number, 1) == 1 {
                let isFirst = seen.withLock { seen in
                    defer { seen = true }
                    return !seen
                }
                isFirst ? first(Int32(number)) : again(Int32(number))
            }
        }
        source.setCancelHandler {
            close(reader)
            close(writer)
        }
        source.activate()
        self.source = source
        signalPipe.store(writer, ordering: .releasing)
        for number in [SIGINT, SIGTERM, SIGHUP] { watch(number) }
    }

    /// Signals have the effect again that they had before.
    package func cancel() {
        for (number, before) in watched {
            var action = before
            // The structure outlives the call.
            _ = unsafe sigaction(number, &action, nil)
        }
        watched = []
        signalPipe.store(-1, ordering: .releasing)
        source?.cancel()
    }

    private func watch(_ number: Int32) {
        var before = sigaction()
        // Asks only; the structure outlives the call.
        guard unsafe sigaction(number, nil, &before) == 0 else { return }
        // SIG_IGN is the address 1, which is no function to compare with.
        let handler = unsafe unsafeBitCast(
            before.__sigaction_handler.sa_handler, to: Int.self)
        if handler == 1, number != SIGTERM { return }
        var action = sigaction()
        // A file-level function; it only writes.
        unsafe action.__sigaction_handler.sa_handler = noteSignal
        action.sa_flags = SA_RESTART
        // The structure outlives the call.
        if unsafe sigaction(number, &action, nil) == 0 { watched.append((number, before)) }
    }
}

/// Where the handler writes; -1 when nobody watches. Set before the handler can run.
private let signalPipe = Atomic<Int32>(-1)

/// The handler: one `write`, which is safe at any moment.
private func noteSignal(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    // One byte from one byte.
    _ = unsafe write(signalPipe.load(ordering: .acquiring), &byte, 1)
    errno = saved
}
