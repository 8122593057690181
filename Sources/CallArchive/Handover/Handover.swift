import Dispatch
import Glibc
import Platform
import Synchronization

/// Hands each newly archived recording to the user's program, a few at a time, beside a run.
///
/// It meets the downloads in the catalog alone: what is due stands there until the program has
/// taken it, so a kill loses none, and a slow program holds up no download. One serial queue, which
/// waits for the processes; the other methods may be called from any thread.
final class Handover: Sendable {
    struct Settings: Sendable {
        var program: HandoverProgram
        var jobs: Int
        var timeout: Duration
        var environment: [String: String]
        /// Monotonic time (ns) after which no process starts.
        var deadline: Int64?
        /// Of this run, as in the catalog.
        var run: Int64
    }

    /// How it went, for the run's outcome.
    struct Result: Sendable {
        /// The program took them.
        var done = 0
        /// The program failed for them.
        var failed = 0
        var deadlineIsOver = false
        var error: ArchiveError?
    }

    /// What the others have said by now.
    struct Orders: Sendable {
        /// Nothing new is archived any more.
        var isFinishing = false
        /// No process starts any more.
        var isStopped = false
        /// Processes are ended.
        var isInterrupted = false
    }

    private let queue = DispatchQueue(label: "callarchive.handover")
    private let group = DispatchGroup()
    private let wake: WakeUp
    private let orders = Locked(Orders())
    private let result = Locked<Result>(Result())
    private let running = Locked(0)

    init() throws(SystemCallError) {
        wake = try WakeUp()
    }

    /// Starts working on its own queue.
    func start(
        _ settings: Settings, archive: ArchiveFolder, catalog: Catalog,
        observer: any SyncObserver
    ) {
        queue.async(group: group) { [self] in
            let loop = HandoverLoop(
                settings, archive: archive, catalog: catalog, observer: observer,
                wake: wake, note: { [self] count in running.withLock { $0 = count } })
            let ended = loop.run { [self] in orders.withLock { $0 } }
            result.withLock { $0 = ended }
        }
    }

    /// Processes get TERM, and KILL a second later; what they had is due again.
    func interrupt() {
        orders.withLock { $0.isInterrupted = true }
        wake.signal()
    }

    /// Waits until all that is due was handed over once; with `isStopped`, for what runs only.
    func finish(isStopped: Bool) -> Result {
        orders.withLock { orders in
            orders.isFinishing = true
            if isStopped { orders.isStopped = true }
        }
        wake.signal()
        group.wait()
        return result.withLock { $0 }
    }

    /// For the progress line; nil when no process runs.
    var progressNote: String? {
        let count = running.withLock { $0 }
        return count > 0 ? "--exec, \(count) running" : nil
    }
}
