package import CallArchive
import Dispatch
import Platform
import Synchronization

/// Draws the progress line five times a second, on a queue of its own; belongs to one thread.
///
/// The window's width is asked for at each drawing, which costs less than watching for its change.
package final class ProgressDisplay {
    private static let interval = DispatchTimeInterval.milliseconds(200)

    private let console: Console
    private let queue = DispatchQueue(label: "callarchive.progress")
    private let timer: any DispatchSourceTimer

    package init(
        console: Console, width: @escaping @Sendable () -> Int,
        poll: @escaping @Sendable () -> SyncProgress
    ) {
        self.console = console
        timer = DispatchSource.makeTimerSource(queue: queue)
        let history = Locked(ProgressHistory())
        let start = ContinuousClock.now
        timer.setEventHandler {
            let progress = poll()
            let elapsed = ContinuousClock.now - start
            let line = history.withLock { history in
                history.record(progress, elapsed: elapsed)
                return ProgressLine.render(progress, width: width(), history: history)
            }
            console.showStatusLine(line)
        }
        timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
        timer.activate()
    }

    /// Takes the line away; nothing is drawn after it returns.
    package func stop() {
        timer.cancel()
        queue.sync {}
        console.showStatusLine(nil)
    }
}
