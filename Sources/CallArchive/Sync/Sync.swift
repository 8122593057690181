import Dispatch
import Glibc
package import Platform
import Synchronization
import Transfer

/// The main job: lists, downloads, commits and writes the manifest, in one run.
///
/// The lister and the lanes run side by side and meet in the catalog alone. A killed run is
/// resumed by running again. `interrupt` and `progress` may be called from any thread.
package final class Sync: Sendable {
    private struct Live {
        var interruptedBy: Int32?
        var lister: Lister?
        var queue: DownloadQueue?
        var lanes: LaneSet?
        var details: DetailStages?
        var pages = 0
        var listingFinished = false
    }

    let settings: SyncSettings
    let observer: any SyncObserver
    private let exitStatus: @Sendable (SyncOutcome) -> Int32
    private let kernel: Kernel
    private let live = Locked(Live())
    /// Downloads at once, as far as files may be open for them, and the lanes they go to.
    let concurrency: Int
    let spread: LaneSpread
    let handover = Locked<Handover?>(nil)

    /// `exitStatus` is noted with the run; the domain itself knows none.
    package init(
        settings: SyncSettings, observer: any SyncObserver, kernel: Kernel = Kernel(),
        exitStatus: @escaping @Sendable (SyncOutcome) -> Int32 = { _ in 0 }
    ) {
        self.settings = settings
        self.observer = observer
        self.kernel = kernel
        self.exitStatus = exitStatus
        (concurrency, spread) = Self.downloadsAtOnce(settings)
    }

    /// Stops within two seconds: partials are kept, catalog and manifest are true.
    package func interrupt(signal: Int32) {
        let (lister, lanes, details) = live.withLock { live in
            if live.interruptedBy == nil { live.interruptedBy = signal }
            return (live.lister, live.lanes, live.details)
        }
        lister?.interrupt()
        details?.interrupt()
        lanes?.stop()
        handover.withLock { $0 }?.interrupt()
    }

    var interruptedBy: Int32? { live.withLock { $0.interruptedBy } }

    package func progress() -> SyncProgress {
        let (queue, lister, details, pages, finished) = live.withLock {
            ($0.queue, $0.lister, $0.details, $0.pages, $0.listingFinished)
        }
        var progress = queue?.progress ?? SyncProgress()
        progress.pagesListed = pages
        progress.listingFinished = finished
        progress.waitingFor = progress.waitingFor ?? details?.progressNote
        if progress.waitingFor == nil, progress.active == 0, let lister, !finished {
            let rest = lister.restsUntil - MonotonicClock.now()
            if rest > 0 {
                progress.waitingFor = "rate limit, \((rest + 999_999_999) / 1_000_000_000) s"
            }
        }
        progress.waitingFor = progress.waitingFor ?? handover.withLock { $0 }?.progressNote
        return progress
    }

    /// Runs to the end; blocks the calling thread.
    ///
    /// An error thrown means that nothing was done; one that ended a run stands in the outcome.
    package func run() throws(ArchiveError) -> SyncOutcome {
        let started = MonotonicClock.now()
        let provider = try makeProvider()
        let program = try HandoverProgram.find(settings.handover)
        let archive = try ArchiveFolder(
            path: settings.archive, lockWait: settings.lockWait, kernel: kernel,
            isCancelled: { self.interruptedBy != nil })
        let free = try archive.freeBytes()
        if free < settings.minFree {
            throw SpaceRule.error(settings.archive, free, settings.minFree)
        }
        let catalog = try CatalogOpening(
            archive: archive, provider: provider.name, account: settings.account,
            observer: observer, isCancelled: { self.interruptedBy != nil }
        ).open()
        defer { catalog.close() }
        var outcome = SyncOutcome()
        let run: Int64
        do throws(CatalogError) {
            run = try catalog.beginRun(at: Timestamp.now())
        } catch {
            throw error.stopping(archive: settings.archive)
        }
        observer.observe(
            .runStarted(run: run, archive: settings.archive, account: settings.account))
        noteConcurrency(concurrency)
        do throws(ArchiveError) {
            try beginHandover(program, archive, catalog, run: run, started: started)
            try archiveAll(provider, archive, catalog, &outcome, started)
        } catch {
            outcome.error = ArchiveError.graver(outcome.error, error)
        }
        finish(archive, catalog, &outcome)
        endHandover(archive, catalog, &outcome)
        outcome.interruptedBy = interruptedBy
        outcome.elapsed = .nanoseconds(MonotonicClock.now() - started)
        do throws(CatalogError) {
            try catalog.finishRun(run, outcome, exitStatus(outcome), at: Timestamp.now())
        } catch {
            outcome.error = ArchiveError.graver(
                outcome.error, error.stopping(archive: settings.archive))
        }
        observer.observe(.runFinished(outcome))
        // Whoever keeps this value keeps no lock, no lane and no catalog with it.
        live.withLock { live in
            live.lister = nil
            live.queue = nil
            live.lanes = nil
            live.details = nil
        }
        return outcome
    }

    private func makeProvider() throws(ArchiveError) -> any RecordingProvider {
        do throws(InvalidURL) {
            return try CatapultProvider(
                baseURL: settings.baseURL, account: settings.account,
                pageSize: settings.pageSize)
        } catch {
            throw ArchiveError(
                .usage, "cannot use the base URL '\(settings.baseURL)'", why: "\(error)")
        }
    }

    var window: StartWindow {
        StartWindow(since: settings.since, until: settings.until)
    }

    var pacing: Pacer.Mode { settings.requestRate.pacing }

    /// Everything between the catalog's opening and the manifest.
    private func archiveAll(
        _ provider: any RecordingProvider, _ archive: ArchiveFolder, _ catalog: Catalog,
        _ outcome: inout SyncOutcome, _ started: Int64
    ) throws(ArchiveError) {
        let recovered = try Recovery(
            archive: archive, catalog: catalog, observer: observer,
            isCancelled: { self.interruptedBy != nil }
        ).run()
        // The journal of the run before is still needed.
        if recovered.isInterrupted { return }
        if recovered.count > 0 {
            observer.observe(
                .notice(
                    .info,
                    "\(counted(recovered.count, "recording")) of an interrupted run archived "
                        + "without another download"))
        }
        let journal: PartJournal
        do throws(SystemCallError) {
            journal = try PartJournal(archive)
        } catch {
            throw error.stopping("cannot use the archive '\(settings.archive)'")
        }
        let queue = try makeQueue(provider, archive, catalog, journal, started)
        let committer = queue.makeCommitter()
        let parts = try makeParts(provider, queue)
        let details = try DetailStages.make(
            settings, provider, archive, catalog, observer, started: started)
        defer { details?.end() }
        let isInterrupted = live.withLock { live in
            live.lister = parts.lister
            live.queue = queue
            live.lanes = parts.lanes
            live.details = details
            return live.interruptedBy != nil
        }
        if isInterrupted { interrupt(signal: SIGTERM) }
        let walk = start(parts, queue, catalog, archive, details)
        parts.lanes.wait()
        // A run that was stopped doesn't list to the end either.
        if queue.hasStopped { parts.lister.interrupt() }
        walk.producers.wait()
        committer.finish()
        do throws(CatalogError) {
            let leftovers = queue.leftovers()
            try catalog.keepPartials(leftovers)
            try catalog.unclaim(leftovers.map(\.row))
            queue.report(into: &outcome)
            let result = walk.result.withLock { $0 }
            merge(result, into: &outcome)
            outcome.newlyArchived += recovered.count
            outcome.newBytes += recovered.bytes
            let isWhole = outcome.listingComplete && !queue.hasStopped && interruptedBy == nil
            if isWhole {
                for row in try catalog.expireVanished() {
                    if let entry = try catalog.entry(row: row), let error = entry.error {
                        observer.observe(
                            .recordingFailed(id: entry.id, status: .gone, error: error))
                    }
                }
            }
            if outcome.budgetReached || settings.maxFiles != nil {
                outcome.budgetReached = try catalog.countDue(in: window) > 0
            }
        } catch {
            throw error.stopping(archive: settings.archive)
        }
        // Parts and files that the catalog hasn't heard of are known from the journal alone.
        guard committer.isSettled, outcome.error?.kind != .storage else { return }
        do throws(SystemCallError) {
            try journal.remove()
        } catch {
            throw error.stopping("cannot use the archive '\(settings.archive)'")
        }
        details?.finish(isStopped: queue.hasStopped, into: &outcome)
    }

    private final class Running: Sendable {
        let producers = DispatchGroup()
        let result = Locked(Lister.Result())
    }

    private func start(
        _ parts: Parts, _ queue: DownloadQueue, _ catalog: Catalog, _ archive: ArchiveFolder,
        _ details: DetailStages?
    ) -> Running {
        let running = Running()
        let producers = running.producers
        parts.lanes.run(queue)
        producers.enter()
        DispatchQueue(label: "callarchive.lister").async {
            let walked = self.list(parts.lister, queue, catalog)
            running.result.withLock { $0 = walked }
            details?.listingEnded(walked)
            queue.producerEnded()
            producers.leave()
        }
        producers.enter()
        DispatchQueue(label: "callarchive.reconciler").async {
            do throws(ArchiveError) {
                try Reconciler(archive: archive, catalog: catalog, observer: self.observer).run(
                    isCancelled: { self.interruptedBy != nil || queue.hasStopped },
                    isOver: { queue.isOver }, requeued: { queue.somethingIsDue($0) })
            } catch {
                queue.stop(error)
            }
            queue.producerEnded()
            producers.leave()
        }
        return running
    }

    /// The walk, on the lister's queue.
    private func list(
        _ lister: Lister, _ queue: DownloadQueue, _ catalog: Catalog
    ) -> Lister.Result {
        var walk = Walk()
        var result = Lister.Result()
        do throws(ArchiveError) {
            result = try lister.walk { page throws(ArchiveError) in
                do throws(CatalogError) {
                    let change = try catalog.record(page.recordings, in: &walk)
                    live.withLock { $0.pages += 1 }
                    noteUnknown(change.unknownStates)
                    if change.due > 0 { queue.somethingIsDue(change.due) }
                    return change
                } catch {
                    throw error.stopping(archive: settings.archive)
                }
            }
            do throws(CatalogError) {
                if result.isComplete {
                    _ = try catalog.finishWalk(walk, pages: result.pages, at: Timestamp.now())
                } else {
                    try catalog.abandonWalk(pages: result.pages)
                }
            } catch {
                throw error.stopping(archive: settings.archive)
            }
        } catch {
            result.isComplete = false
            result.error = error
            queue.stop(error)
        }
        if let error = result.error, error.kind == .refused || result.isUnreachable {
            // Nobody would answer the downloads either.
            queue.stop(error)
        }
        live.withLock { $0.listingFinished = true }
        return result
    }

    private func noteUnknown(_ words: [String]) {
        for word in Set(words).sorted() {
            let name = word.isEmpty ? "no state" : "the unknown state '\(word)'"
            observer.observe(
                .notice(.warning, "the provider lists recordings with \(name); they wait"))
        }
    }

    private func merge(_ result: Lister.Result, into outcome: inout SyncOutcome) {
        outcome.listingComplete = result.isComplete
        outcome.pages = result.pages
        outcome.requests += result.requests
        outcome.retries += result.retries
        outcome.refused += result.refused
        // A row that can't be read may be a recording that is lost.
        outcome.newlyFailed += result.unreadable
        outcome.error = ArchiveError.graver(outcome.error, result.error)
    }
}
