package import CallArchive
import Dispatch
import Glibc
import Platform

/// Draws the progress line five times a second, on a queue of its own; belongs to one thread.
package final class ProgressDisplay {
    private struct State {
        var history = ProgressHistory()
        var width: Int
    }

    private static let interval = DispatchTimeInterval.milliseconds(200)

    private let console: Console
    private let queue = DispatchQueue(label: "callarchive.progress")
    private let timer: any DispatchSourceTimer
    private let resize: any DispatchSourceSignal

    /// `width` is asked again whenever the window changes; `poll` on each drawing.
    package init(
        console: Console, width: @escaping @Sendable () -> Int,
        poll: @escaping @Sendable () -> SyncProgress
    ) {
        timer = DispatchSource.makeTimerSource(queue: queue)
        resize = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: queue)
        let state = Locked(State(width: width()))
        let start = ContinuousClock.now
        timer.setEventHandler {
            let progress = poll()
            let line = state.withLock { state in
                state.history.record(progress, elapsed: ContinuousClock.now - start)
                return ProgressLine.render(progress, width: state.width, history: state.history)
            }
            console.showStatusLine(line)
        }
        resize.setEventHandler {
            let columns = width()
            state.withLock { $0.width = columns }
        }
        timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
        timer.activate()
        resize.activate()
        self.console = console
    }

    /// Takes the line away; nothing is drawn after it returns.
    package func stop() {
        timer.cancel()
        resize.cancel()
        queue.sync {}
        console.showStatusLine(nil)
    }
}
