import Glibc
import Platform

/// The processes of one run's handover; belongs to the handover's queue.
final class HandoverLoop {
    private struct Job {
        let item: DueHandover
        let process: ChildProcess
        let started: Int64
        var patience: HandoverPatience
        var words = LastLines()
    }

    private struct Ended {
        let item: DueHandover
        let verdict: HandoverVerdict
        let took: Duration
        let words: [String]
    }

    /// Held ready, so that the catalog is not asked for each one.
    private static let batch = 32
    /// What has ended is noted in groups, at least so often (ns).
    private static let interval: Int64 = 250_000_000
    /// How often the catalog is asked whether something new has come (ns).
    private static let lookInterval: Int64 = 500_000_000
    /// How often a process is looked at where the kernel doesn't tell of its end (ns).
    private static let reapInterval: Int64 = 50_000_000

    private let settings: Handover.Settings
    private let archive: ArchiveFolder
    private let catalog: Catalog
    private let observer: any SyncObserver
    private let wake: WakeUp
    /// Hears how many processes run.
    private let note: (Int) -> Void
    private let root: String
    private var ready: ArraySlice<DueHandover> = []
    private var jobs: [Job] = []
    private var ended: [Ended] = []
    private var lastSettled: Int64 = 0
    private var nextLook: Int64 = 0
    private var outage = HandoverOutage()
    private var isClosed = false
    private var result = Handover.Result()

    init(
        _ settings: Handover.Settings, archive: ArchiveFolder, catalog: Catalog,
        observer: any SyncObserver, wake: WakeUp, note: @escaping (Int) -> Void
    ) {
        self.settings = settings
        self.archive = archive
        self.catalog = catalog
        self.observer = observer
        self.wake = wake
        self.note = note
        root = Self.absolute(archive.path)
    }

    /// Runs to the end; `orders` is asked at each turn.
    func run(_ orders: () -> Handover.Orders) -> Handover.Result {
        while true {
            wake.clear()
            let orders = orders()
            let now = MonotonicClock.now()
            collect(now, orders)
            let isDrained = fill(now, orders)
            note(jobs.count)
            if jobs.isEmpty, isDrained { break }
            settle(isLast: false, now)
            pause(now, orders, isDrained: isDrained)
        }
        settle(isLast: true, MonotonicClock.now())
        return result
    }

    // MARK: - A turn

    /// Looks at each process: its words, its end, its time.
    private func collect(_ now: Int64, _ orders: Handover.Orders) {
        for index in jobs.indices.reversed() {
            let process = jobs[index].process
            unsafe process.readErrors { unsafe jobs[index].words.append($0) }
            if let ending = process.reap(endingGroup: jobs[index].patience.isOver) {
                // What it wrote last, before its end.
                unsafe process.readErrors { unsafe jobs[index].words.append($0) }
                end(jobs.remove(at: index), ending, now)
            } else {
                let isInterrupted = orders.isInterrupted
                if let signal = jobs[index].patience.step(now: now, isInterrupted: isInterrupted) {
                    process.signal(signal)
                }
            }
        }
    }

    private func end(_ job: Job, _ ending: ChildProcess.Ending, _ now: Int64) {
        let verdict = HandoverVerdict(ending, job.patience, timeout: settings.timeout)
        outage.note(verdict)
        if case .cut = verdict { return }
        ended.append(
            Ended(
                item: job.item, verdict: verdict, took: .nanoseconds(now - job.started),
                words: job.words.lines))
    }

    /// Starts what there is room for; true when nothing is left to be started in this run.
    private func fill(_ now: Int64, _ orders: Handover.Orders) -> Bool {
        if orders.isInterrupted || orders.isStopped || isClosed { return true }
        if let deadline = settings.deadline, now >= deadline {
            result.deadlineIsOver = true
            return true
        }
        if outage.isReached {
            close("the last \(HandoverOutage.most) failed")
            return true
        }
        while jobs.count < settings.jobs {
            if ready.isEmpty {
                guard orders.isFinishing || now >= nextLook else { return false }
                attempt { () throws(CatalogError) in
                    ready = try catalog.takeHandovers(limit: Self.batch, run: settings.run)[...]
                }
                if ready.isEmpty {
                    nextLook = now + Self.lookInterval
                    return orders.isFinishing || isClosed
                }
            }
            guard let item = ready.popFirst() else { return false }
            start(item, now)
            if isClosed { return true }
        }
        return false
    }

    private func start(_ item: DueHandover, _ now: Int64) {
        // One that is missing is fetched again, under a new number.
        guard let file = item.entry.file, (try? archive.status(ofFile: file)) != nil else { return }
        do throws(SystemCallError) {
            let process = try ChildProcess(
                settings.program.path, arguments: ["\(root)/\(file)"],
                environment: settings.environment,
                input: ManifestEntryJSON.bytes(item.entry) + [0x0A])
            let deadline = now.addingReportingOverflow(settings.timeout.nanoseconds)
            jobs.append(
                Job(
                    item: item, process: process, started: now,
                    patience: HandoverPatience(
                        deadline: deadline.overflow ? .max : deadline.partialValue)))
        } catch {
            let reason = HandoverProgram.reason(error)
            ended.append(
                Ended(item: item, verdict: .failed(reason), took: .zero, words: []))
            close("it can't be started")
        }
    }

    private func close(_ why: String) {
        isClosed = true
        observer.observe(
            .notice(
                .error,
                "'\(settings.program.path)' (--exec) is not run any more in this run: \(why); "
                    + "what it has not taken is offered again by the next one"))
    }

    private func pause(_ now: Int64, _ orders: Handover.Orders, isDrained: Bool) {
        var until = now + 60_000_000_000
        for job in jobs {
            until = min(until, job.patience.next)
            if !job.process.endWakes { until = min(until, now + Self.reapInterval) }
        }
        if !ended.isEmpty { until = min(until, lastSettled + Self.interval) }
        if jobs.count < settings.jobs, !isDrained, !isClosed, !orders.isFinishing {
            until = min(until, nextLook)
        }
        if let deadline = settings.deadline, now < deadline { until = min(until, deadline) }
        waitUntilReadable([wake.number] + jobs.flatMap(\.process.descriptors), until: until)
    }

    // MARK: - What has ended

    /// Notes it in the catalog, and then tells of it.
    private func settle(isLast: Bool, _ now: Int64) {
        guard !ended.isEmpty, isLast || now >= lastSettled + Self.interval else { return }
        let items = ended
        ended = []
        lastSettled = now
        var done: [Int64] = []
        var failed: [(sequence: Int64, message: String)] = []
        for item in items {
            switch item.verdict {
            case .done: done.append(item.item.sequence)
            case .failed(let reason):
                failed.append((item.item.sequence, Self.message(reason, item.words)))
            case .cut: break
            }
        }
        attempt { () throws(CatalogError) in
            try catalog.settleHandovers(done: done, failed: failed, at: Timestamp.now())
            result.done += done.count
            result.failed += failed.count
            for item in items { try report(item) }
        }
    }

    private func report(_ ended: Ended) throws(CatalogError) {
        let (item, words) = (ended.item, ended.words)
        switch ended.verdict {
        case .done:
            observer.observe(.handedOver(item.entry, took: ended.took, words: words))
        case .failed(let reason):
            observer.observe(
                .handoverFailed(
                    item.entry, attempts: try catalog.handoverAttempts(item.sequence),
                    message: Self.message(reason, words)))
        case .cut: break
        }
    }

    /// As `it ended with status 2: cannot open FILE | no such format`.
    static func message(_ reason: String, _ words: [String]) -> String {
        words.isEmpty ? reason : "\(reason): \(words.joined(separator: " | "))"
    }

    /// Runs a step on the catalog; its error ends the handover, and is one of the run.
    private func attempt(_ body: () throws(CatalogError) -> Void) {
        do throws(CatalogError) {
            try body()
        } catch {
            isClosed = true
            result.error = ArchiveError.graver(
                result.error, error.stopping(archive: archive.path))
        }
    }

    /// The archive's own folder, whatever links lead to it.
    private static func absolute(_ path: String) -> String {
        // Owned: freed below.
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
