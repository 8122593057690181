import Dispatch
import Glibc
import Platform

/// Turns SIGINT, SIGTERM and SIGHUP into one orderly stop; a second signal ends the process.
///
/// SIGHUP (the terminal is gone) counts as SIGTERM. What the caller of the program has set to be
/// ignored stays ignored: that is how `nohup` and background jobs protect themselves. The ignored
/// disposition that Dispatch needs would be inherited by child processes. Belongs to one thread.
package final class SignalWatch {
    private let queue = DispatchQueue(label: "callarchive.signals")
    private let sources: [any DispatchSourceSignal]

    /// `first` is called once, on the watch's queue, and returns quickly; `again` at each later
    /// signal.
    package init(
        first: @escaping @Sendable (Int32) -> Void,
        again: @escaping @Sendable (Int32) -> Void = { _exit(ExitStatus(signal: $0).code) }
    ) {
        let seen = Locked(false)
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGINT, SIGTERM, SIGHUP] where number == SIGTERM || !Self.isIgnored(number) {
            // Without it the default would end us.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                let isFirst = seen.withLock { seen in
                    defer { seen = true }
                    return !seen
                }
                isFirst ? first(number) : again(number)
            }
            source.activate()
            sources.append(source)
        }
        self.sources = sources
    }

    /// Signals have their default effect again.
    package func cancel() {
        for source in sources {
            source.cancel()
            signal(Int32(source.handle), SIG_DFL)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var old = sigaction()
        // Asks only; the structure outlives the call.
        guard unsafe sigaction(number, nil, &old) == 0 else { return false }
        // SIG_IGN is the address 1, which is no function to compare with.
        return unsafe unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
