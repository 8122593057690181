import Dispatch
import Platform
import Synchronization
import Transfer

/// The run's downloads between catalog and lanes: who is next, who waits, when all is done.
///
/// Lanes pull from it; the catalog's claims refill it on a serial queue of its own. All shared
/// state lies under one lock, and what to do is decided by `DownloadOrder`, a pure value.
final class DownloadQueue: TransferSource {
    struct Limits: Sendable {
        var concurrency: Int
        var spread: LaneSpread
        var retries: Int
        /// Monotonic time (ns) after which nothing new starts.
        var deadline: Int64?
        var minFree: Int64
        var window: StartWindow
    }

    struct State {
        var order: DownloadOrder
        var spread: LaneSpread
        var downloads: [Int64: MediaDownload] = [:]
        var pacer: Pacer
        var concurrency: ConcurrencyRule
        var refill = ClaimRefill()
        var interrupted: [MediaDownload] = []
        var stop: ArchiveError?
        var outage = OutageRule()
        var progress = SyncProgress()
        var requests = 0
        var refused = 0
        var newBytes: Int64 = 0
    }

    let limits: Limits
    let context: MediaDownload.Context
    private let catalog: Catalog
    private let observer: any SyncObserver
    let group: BoundedGroup
    private let queue = DispatchQueue(label: "callarchive.claims")
    let state: Locked<State>
    let lanes = Locked<LaneSet?>(nil)
    private let committer: Locked<Committer?> = Locked(nil)
    private let nextSpaceCheck = Atomic<Int64>(0)

    init(
        limits: Limits, context: MediaDownload.Context, catalog: Catalog,
        observer: any SyncObserver, pacing: Pacer.Mode, producers: Int, maxFiles: Int?
    ) {
        self.limits = limits
        self.context = context
        self.catalog = catalog
        self.observer = observer
        group = BoundedGroup(bound: limits.concurrency)
        state = Locked(
            State(
                order: DownloadOrder(producers: producers, budget: maxFiles),
                spread: limits.spread,
                pacer: Pacer(pacing),
                concurrency: ConcurrencyRule(most: limits.concurrency)))
    }

    /// Makes a committer that reports back here.
    func makeCommitter() -> Committer {
        let made = Committer(
            archive: context.archive, catalog: catalog, observer: observer,
            onSettled: { [weak self] in self?.settled($0) })
        committer.withLock { $0 = made }
        return made
    }

    func attach(_ lanes: LaneSet) {
        self.lanes.withLock { $0 = lanes }
    }

    /// There may be something for the lanes; all hear of it when it is the end.
    func wake(all: Bool) {
        lanes.withLock { $0 }?.wake(all: all)
    }

    // MARK: Lanes

    func next(lane: Int, active: Int) -> NextTransfer {
        while true {
            let now = MonotonicClock.now()
            checkSpace(now)
            let isFull = active >= limits.spread.room(of: lane)
            if isFull || context.isInterrupted() { return .wait(until: nil) }
            if committer.withLock({ $0?.isBehind ?? false }) {
                return .wait(until: now + 50_000_000)
            }
            guard group.tryEnter() else { return .wait(until: nil) }
            let step = state.withLock { state in take(&state, lane, active, now) }
            switch step {
            case .start(let download):
                // Opening and hashing a part takes its time: not under the lock.
                if let request = download.request() { return .start(request, download) }
                continue
            case .wait(let until):
                group.leave()
                return .wait(until: until)
            case .leave(let other):
                group.leave()
                if let other { lanes.withLock { $0 }?.wake(other, self) }
                return .wait(until: nil)
            case .finished:
                group.leave()
                return .finished
            }
        }
    }

    private enum Step {
        case start(MediaDownload)
        case wait(until: Int64?)
        /// It is for another lane.
        case leave(to: Int?)
        case finished
    }

    private func take(_ state: inout State, _ lane: Int, _ active: Int, _ now: Int64) -> Step {
        if let deadline = limits.deadline, now >= deadline { state.order.close(.budget) }
        switch state.order.peek(now: now) {
        case .none(let until):
            refillIfLow(&state)
            return .wait(until: until)
        case .finished: return .finished
        case .some(let row):
            guard let download = state.downloads[row] else {
                state.order.start(row)
                state.order.finish(row)
                return .wait(until: now)
            }
            // Looked at first: while nothing may start no lane need be told of anything.
            if let until = state.pacer.opens(now: now) { return .wait(until: until) }
            let verdict = state.spread.verdict(
                lane: lane, active: active, isLarge: download.isLarge)
            if case .leave(let other) = verdict { return .leave(to: other) }
            switch state.pacer.reserve(now: now) {
            case .wait(let until): return .wait(until: until)
            case .go: break
            }
            state.order.start(row)
            state.requests += 1
            state.spread.started(lane: lane)
            download.lane = lane
            refillIfLow(&state)
            return .start(download)
        }
    }

    private func checkSpace(_ now: Int64) {
        let due = nextSpaceCheck.load(ordering: .relaxed)
        guard limits.minFree > 0, now >= due,
            nextSpaceCheck.compareExchange(
                expected: due, desired: now + 500_000_000, ordering: .relaxed
            ).exchanged
        else { return }
        do throws(ArchiveError) {
            let free = try context.archive.freeBytes()
            if free < limits.minFree {
                throw SpaceRule.error(context.archive.path, free, limits.minFree)
            }
        } catch {
            stop(error)
        }
    }

    /// Called by a download when an attempt is over, on its lane.
    func ended(_ download: MediaDownload, _ decision: AttemptDecision) {
        if let error = download.localError {
            stop(error.stopping("cannot store recordings in '\(context.archive.path)'"))
        }
        let row = download.claim.row
        var item: Committer.Item?
        var events: [SyncEvent] = []
        let hasMoreRoom = state.withLock { state in
            let now = MonotonicClock.now()
            state.spread.ended(lane: download.lane)
            switch decision {
            case .commit:
                state.order.finish(row)
                state.downloads[row] = nil
                state.outage.succeeded()
                state.pacer.granted(now: now)
                if let part = download.finished { item = .archive(part) }
            case .onward:
                state.pacer.granted(now: now)
                state.order.again(row, at: now)
            case .again(let pause, let cause):
                state.pacer.granted(now: now)
                state.order.again(row, at: now + pause)
                state.progress.retries += 1
                events.append(
                    .retrying(
                        id: download.claim.id, attempt: download.rule.attempts + 1,
                        after: .nanoseconds(pause), cause: cause))
            case .whenAdmitted(let pause):
                let wasPaused = now < state.pacer.pausedUntil
                let rest = state.pacer.refused(now: now, pause: pause)
                state.refused += 1
                state.order.again(row, at: now)
                if !wasPaused {
                    events.append(
                        .paced(
                            family: "media", pause: .nanoseconds(rest),
                            cause: "the provider's rate limit"))
                }
            case .giveUp(_, let code, let message):
                state.pacer.granted(now: now)
                state.order.finish(row)
                state.downloads[row] = nil
                let error = state.outage.gaveUp(
                    code: code, message: message, wasRefused: download.wasRefused)
                if let error {
                    state.stop = ArchiveError.graver(state.stop, error)
                    state.order.close(.stopped)
                }
            case .keepForNextRun:
                state.order.finish(row)
                state.downloads[row] = nil
                state.interrupted.append(download)
            }
            let before = state.concurrency.limit
            let isRefused = if case .whenAdmitted = decision { true } else { false }
            state.concurrency.ended(
                isCongested: isRefused || download.showsOverload, headWait: download.headWait,
                bytesDone: context.bytesDone.value, rate: state.pacer.rate(now: now), now: now)
            if state.concurrency.limit != before { group.setBound(state.concurrency.limit) }
            return state.concurrency.limit > before
        }
        if case .giveUp(let status, let code, let message) = decision {
            item = .setback(setback(download, status, code, message))
        }
        for warning in download.warnings where decision == .commit {
            events.append(.notice(.warning, "recording '\(download.claim.id)': \(warning)"))
        }
        for event in events { observer.observe(event) }
        if let item { committer.withLock { $0 }?.submit(item) }
        group.leave()
        let isDrained = state.withLock { $0.order.isDrained }
        if isDrained || hasMoreRoom || group.count == 0 { wake(all: isDrained) }
    }

    private func setback(
        _ download: MediaDownload, _ status: ArchiveStatus, _ code: String, _ message: String
    ) -> Setback {
        var partial: Partial?
        do throws(SystemCallError) {
            if status == .failed {
                partial = try download.partialToKeep()
            } else {
                try context.archive.removePart(ArchiveFolder.partName(for: download.claim.id))
            }
        } catch {
            // A part that can't be looked at is fetched anew; the setback is what counts.
        }
        return Setback(
            row: download.claim.row, status: status, code: code, message: message,
            attempts: download.rule.attempts, partial: partial)
    }

    private func settled(_ settled: Committer.Settled) {
        switch settled {
        case .archived(let bytes):
            state.withLock { state in
                state.progress.filesDone += 1
                state.newBytes += bytes
            }
        case .setback(let status):
            state.withLock { if status == .failed { $0.progress.failed += 1 } }
        case .stopped(let error): stop(error)
        }
    }

    // MARK: Producers

    /// Something may have become due in the catalog.
    func somethingIsDue(_ count: Int = 0) {
        state.withLock { state in
            state.progress.filesTotal += count
            state.order.revive()
            refill(&state)
        }
    }

    /// One of the producers (the lister, the reconciler) has come to its end.
    func producerEnded() {
        state.withLock { state in
            state.order.producerEnded()
            refill(&state)
        }
    }

    private func refill(_ state: inout State) {
        if state.refill.told() { queue.async { self.fill() } }
    }

    private func refillIfLow(_ state: inout State) {
        if state.order.isLow, state.refill.low() { queue.async { self.fill() } }
    }

    private func fill() {
        while true {
            let plan: (limit: Int, isLast: Bool)? = state.withLock { state in
                let hasRoom =
                    state.order.isLow && !state.order.isClosed && !state.order.isExhausted
                guard state.refill.next(hasRoom: hasRoom) else { return nil }
                return (state.order.claimLimit, state.order.hasNoProducers)
            }
            guard let plan else { break }
            var claims: [Claim] = []
            do throws(CatalogError) {
                claims = try catalog.claim(limit: plan.limit, in: limits.window)
            } catch {
                stop(error.stopping(archive: context.archive.path))
            }
            let onEnd: @Sendable (MediaDownload, AttemptDecision) -> Void = { [weak self] in
                self?.ended($0, $1)
            }
            let made = claims.map { claim in
                MediaDownload(
                    claim: claim, context: context, retries: limits.retries, onEnd: onEnd)
            }
            state.withLock { state in
                for download in made { state.downloads[download.claim.row] = download }
                state.order.offer(
                    made.map(\.claim.row), isEnd: plan.isLast && claims.count < plan.limit)
                state.refill.fetched(isAll: claims.count < plan.limit)
            }
            wake(all: state.withLock { $0.order.isDrained })
        }
    }
}
