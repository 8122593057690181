import CallArchive
import CallArchiveCommands
import Dispatch
import Platform
import Synchronization

/// Stands in for the engine: tells what it is told to, waits for a signal if asked to.
final class FakeEngine: SyncRunning, PreviewRunning {
    let settings: SyncSettings
    private let observer: any SyncObserver
    private let script: Script
    private let stopped = DispatchSemaphore(value: 0)
    private let signal = Locked<Int32?>(nil)

    struct Script: Sendable {
        var events: [SyncEvent] = []
        var outcome = SyncOutcome()
        var error: ArchiveError?
        var rows: [PreviewRow] = []
        var isComplete = true
        /// Called before the end; the run then waits for a signal.
        var beforeWaiting: (@Sendable () -> Void)?
        var progress = SyncProgress()
        /// Before the end, so that a progress line may be drawn.
        var pause = DispatchTimeInterval.never
    }

    init(_ settings: SyncSettings, _ observer: any SyncObserver, _ script: Script) {
        self.settings = settings
        self.observer = observer
        self.script = script
    }

    func run() throws(ArchiveError) -> SyncOutcome {
        for event in script.events { observer.observe(event) }
        wait()
        if let error = script.error { throw error }
        var outcome = script.outcome
        outcome.interruptedBy = signal.withLock { $0 }
        observer.observe(.runFinished(outcome))
        return outcome
    }

    func run(_ each: (PreviewRow) -> Void) throws(ArchiveError) -> Bool {
        for row in script.rows where signal.withLock({ $0 }) == nil { each(row) }
        wait()
        if let error = script.error { throw error }
        return script.isComplete && signal.withLock { $0 } == nil
    }

    private func wait() {
        if script.pause != .never { _ = stopped.wait(timeout: .now() + script.pause) }
        guard let beforeWaiting = script.beforeWaiting else { return }
        beforeWaiting()
        stopped.wait()
    }

    func interrupt(signal number: Int32) {
        signal.withLock { $0 = number }
        stopped.signal()
    }

    func progress() -> SyncProgress { script.progress }
}
