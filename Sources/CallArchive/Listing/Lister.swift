import Dispatch
import Platform
import Synchronization
import Transfer

/// Walks the provider's listing, page after page, and hands each page on.
///
/// Runs on one serial queue, which it blocks while it waits for an answer.
final class Lister: Sendable {
    struct Result: Sendable {
        var pages = 0
        var isComplete = false
        /// Rows that name no recording.
        var unreadable = 0
        /// Why the walk is not complete.
        var error: ArchiveError?
        /// Not one answer came: the provider itself can't be reached.
        var isUnreachable = false
        var requests = 0
        var retries = 0
        var refused = 0
    }

    /// A page's body may be this large, compressed or not: a thousand rows are about 300 KiB, and a
    /// run must do with 64 MB of memory whatever it is sent.
    private static let pageLimit = 16 << 20
    /// A page that is refused by 429 for so long (ns) is left to the next run.
    private static let longestRefusal: Int64 = 3_600_000_000_000

    private let provider: any RecordingProvider
    private let credentials: Credentials
    private let requester: Requester
    private let retries: Int
    private let observer: any SyncObserver
    private let pacing: Pacer.Mode
    private let random: @Sendable () -> Double
    private let backoff = Backoff()
    private let interruption = Interruption()
    private let pause = Locked<Int64>(0)

    init(
        provider: any RecordingProvider, settings: SyncSettings, options: TransferOptions,
        pacing: Pacer.Mode, observer: any SyncObserver, random: @escaping @Sendable () -> Double
    ) throws(TransferError) {
        self.provider = provider
        credentials = settings.credentials
        retries = settings.retries
        self.pacing = pacing
        self.observer = observer
        self.random = random
        requester = try Requester(options: options)
    }

    /// Ends the walk at once, from any thread.
    func interrupt() {
        interruption.set()
        requester.close()
    }

    /// Monotonic time (ns) until which the listing rests; for the progress line.
    var restsUntil: Int64 { pause.withLock { $0 } }

    /// Walks from the first page; `take` stores a page and says how many of its ids were new.
    ///
    /// A local error of `take` ends the walk and is thrown.
    func walk(
        _ take: (ListingPage) throws(ArchiveError) -> PageChange
    ) throws(ArchiveError) -> Result {
        var state = WalkState(pacer: Pacer(pacing))
        defer { requester.close() }
        try follow(provider.firstPage(), &state, take)
        // Rows seen twice between pages mean that others came in meanwhile, at the head perhaps.
        if state.result.isComplete, state.repeats > 0, state.result.pages > 1 {
            let complete = state.result
            state.visited = []
            state.isRewalk = true
            try follow(provider.firstPage(), &state, take)
            state.result.pages = complete.pages
        }
        return state.result
    }

    private struct WalkState {
        var pacer: Pacer
        var result = Result()
        var visited: Set<String> = []
        var repeats = 0
        /// A page could not be read, and the walk went on behind it.
        var isBroken = false
        /// Only as far as pages bring ids not seen before.
        var isRewalk = false
    }

    private func follow(
        _ first: PageCursor, _ state: inout WalkState,
        _ take: (ListingPage) throws(ArchiveError) -> PageChange
    ) throws(ArchiveError) {
        state.result.isComplete = false
        var cursor = first
        while true {
            guard state.visited.insert(cursor.url.text).inserted else {
                state.result.error = incomplete("the next page was listed before", state)
                return
            }
            let answer = fetch(cursor, &state)
            if case .noSuchPage = answer {
                state.result.isComplete = !state.isBroken
                return
            }
            guard case .page(let page, let then) = answer else {
                guard case .failed(let error, let broken) = answer else { return }
                state.result.error = state.result.error ?? error
                if let rows = broken?.rows, rows.rowCount > 0 { _ = try take(rows) }
                // The pages behind a broken one can be listed, though the walk stays incomplete.
                guard let next = broken?.next else { return }
                state.result.pages += 1
                state.isBroken = true
                cursor = next
                continue
            }
            state.result.pages += 1
            state.result.unreadable += page.unreadable.count
            for reason in page.unreadable {
                observer.observe(
                    .notice(.error, "page \(state.result.pages) of the listing: \(reason)"))
            }
            let change = try take(page)
            state.repeats += page.recordings.count - change.fresh
            observer.observe(.pageListed(page: state.result.pages, rows: page.rowCount))
            switch then {
            case .end:
                state.result.isComplete = !state.isBroken
                return
            case .next(let next):
                if state.isRewalk && change.fresh == 0 {
                    state.result.isComplete = !state.isBroken
                    return
                }
                cursor = next
            case .nextIfFresh(let next):
                if change.fresh == 0 {
                    state.result.isComplete = !state.isBroken
                    return
                }
                cursor = next
            case .broken(let reason):
                state.result.error = incomplete(reason, state)
                return
            }
        }
    }

    private enum Answer {
        case page(ListingPage, PageContinuation)
        /// A page that was asked for to be sure doesn't exist.
        case noSuchPage
        case failed(ArchiveError, broken: UnusablePage?)
        case interrupted
    }

    /// Asks for one page until it is there or the budget is used up.
    private func fetch(_ cursor: PageCursor, _ state: inout WalkState) -> Answer {
        var failures = 0
        var url = cursor.url
        var redirects = 0
        var firstRefusal: Int64?
        while true {
            guard rest(&state) else { return .interrupted }
            state.result.requests += 1
            var request = TransferRequest(url: url, credentials: credentials)
            request.headers = ["Accept: application/json"]
            request.acceptsCompression = true
            var failure: Failure
            do throws(TransferError) {
                let response = try requester.perform(request, limit: Self.pageLimit)
                switch StatusClass(response.head.status) {
                case .rateLimited:
                    refused(response.head, &state)
                    let first = firstRefusal ?? MonotonicClock.now()
                    firstRefusal = first
                    if MonotonicClock.now() - first > Self.longestRefusal {
                        return .failed(
                            incomplete("the provider refused every request for an hour", state),
                            broken: nil)
                    }
                    continue
                case .redirect:
                    redirects += 1
                    guard let target = redirect(response.head, from: url, redirects) else {
                        return .failed(
                            incomplete("the listing redirects where it is not followed", state),
                            broken: nil)
                    }
                    url = target
                    continue
                case .content:
                    state.pacer.granted(now: MonotonicClock.now())
                    do throws(UnusablePage) {
                        let (page, then) = try provider.read(response, at: cursor)
                        return .page(page, then)
                    } catch {
                        failure = Failure(reason: error.reason, broken: error)
                    }
                case .transient:
                    state.pacer.granted(now: MonotonicClock.now())
                    failure = Failure(
                        reason: answerText(response),
                        retryAfter: response.head.retryAfter(now: Timestamp.now())?.nanoseconds)
                case .refused:
                    return .failed(refusal(response), broken: nil)
                case .gone where cursor.isDoubtful:
                    state.pacer.granted(now: MonotonicClock.now())
                    return .noSuchPage
                case .gone, .permanent, .rangeNotSatisfiable:
                    return .failed(unusable(response, state), broken: nil)
                }
            } catch {
                if error.kind == .interrupted { return .interrupted }
                failure = Failure(
                    reason: error.text, isConnection: true, isFinal: !error.isTransient,
                    error: error)
            }
            failures += 1
            let isTooLong = failure.retryAfter ?? 0 > Backoff.longestWait.nanoseconds
            if isTooLong { failure.reason += Backoff.tooLong(failure.retryAfter ?? 0) }
            if failures > retries || failure.isFinal || isTooLong {
                state.result.isUnreachable = failure.isConnection && state.result.pages == 0
                return .failed(gaveUp(failure, state), broken: failure.broken)
            }
            state.result.retries += 1
            let jittered = backoff.pause(attempt: failures, random: random()).nanoseconds
            let pause = max(jittered, failure.retryAfter ?? 0)
            observer.observe(
                .retrying(
                    id: nil, attempt: failures + 1, after: .nanoseconds(pause),
                    cause: "page \(state.result.pages + 1) of the listing: \(failure.reason)"))
            guard interruption.rest(nanoseconds: pause) else { return .interrupted }
        }
    }

    private struct Failure {
        var reason: String
        var isConnection = false
        var isFinal = false
        var retryAfter: Int64?
        var broken: UnusablePage?
        var error: TransferError?
    }

    /// Waits for the family's turn; false when interrupted.
    private func rest(_ state: inout WalkState) -> Bool {
        while true {
            let now = MonotonicClock.now()
            switch state.pacer.reserve(now: now) {
            case .go: return !interruption.isSet
            case .wait(let until):
                pause.withLock { $0 = until }
                guard interruption.rest(nanoseconds: until - now) else { return false }
            }
        }
    }

    private func refused(_ head: ResponseHead, _ state: inout WalkState) {
        state.result.refused += 1
        let pause = state.pacer.refused(
            now: MonotonicClock.now(), pause: provider.rateLimitPause(head))
        observer.observe(
            .paced(
                family: "recordings", pause: .nanoseconds(pause),
                cause: "the provider's rate limit"))
    }

    private func redirect(_ head: ResponseHead, from url: HTTPURL, _ count: Int) -> HTTPURL? {
        guard count <= AccessPolicy.longestRedirectChain, let location = head.first("location")
        else { return nil }
        do throws(InvalidURL) {
            let target = try url.resolve(location)
            return target.origin == provider.base.origin ? target : nil
        } catch {
            return nil
        }
    }

    private func answerText(_ response: Response) -> String {
        "the provider answered \(response.head.status)"
            + (provider.errorText(response.body).map { ": \($0)" } ?? "")
    }
}

extension Lister {
    private func incomplete(_ reason: String, _ state: WalkState) -> ArchiveError {
        ArchiveError(
            .unreachable, "the listing was not completed",
            why: "\(reason) (after \(state.result.pages) "
                + "\(state.result.pages == 1 ? "page" : "pages"))",
            hint: "what was listed is archived; run again, and report this if it stays")
    }

    private func refusal(_ response: Response) -> ArchiveError {
        ArchiveError(
            .refused, "cannot list the account's recordings", why: answerText(response),
            hint: response.head.status == 401
                ? "check the API token and secret"
                : "check that the user id belongs to this token")
    }

    private func unusable(_ response: Response, _ state: WalkState) -> ArchiveError {
        ArchiveError(
            .unreachable,
            state.result.pages == 0
                ? "cannot list the account's recordings" : "the listing was not completed",
            why: answerText(response),
            hint: "check --base-url and the user id; the provider may have moved or ended this API")
    }

    private func gaveUp(_ failure: Failure, _ state: WalkState) -> ArchiveError {
        guard let error = failure.error, state.result.pages == 0 else {
            return incomplete(failure.reason, state)
        }
        let hint =
            switch error.kind {
            case .certificate where error.isAboutTime:
                "check this machine's clock; if it is right, the server's certificate is at fault"
            case .certificate:
                "the server's certificate can't be trusted; with a CA of your own give --cacert"
            case .caFile: "check the file given by --cacert; without it, install ca-certificates"
            case .resolve: "check --base-url and the machine's DNS"
            default: "check --base-url, the network and the provider's status; run again later"
            }
        return ArchiveError(
            .unreachable, "cannot reach the provider at \(provider.base.origin)",
            why: failure.reason, hint: hint)
    }
}
