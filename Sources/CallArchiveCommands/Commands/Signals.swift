import CallArchive
import Platform
import Synchronization

/// What an offline command does about SIGINT, SIGTERM and SIGHUP; belongs to one thread.
///
/// The first one is remembered and asks the work to stop; a second one ends the program.
final class Signals {
    private final class Seen: Sendable {
        let first = Locked<Int32?>(nil)
    }

    private let console: Console
    private let seen = Seen()
    private let watch: SignalWatch

    init(_ console: Console, stop: @escaping @Sendable (Int32) -> Void = { _ in }) {
        self.console = console
        let seen = seen
        watch = SignalWatch(first: { signal in
            seen.first.withLock { $0 = signal }
            console.hurry()
            stop(signal)
        })
    }

    /// The one that came; nil for none.
    var first: Int32? { seen.first.withLock { $0 } }

    /// Until the last line is out, a second signal still ends a program that hangs on it.
    func end() {
        console.finish()
        watch.cancel()
    }
}
