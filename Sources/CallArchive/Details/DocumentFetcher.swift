import Platform
import Synchronization
import Transfer

/// Why a document was not had.
struct FetchFailure: Error, Sendable, Equatable {
    enum Kind: Sendable {
        case interrupted
        /// The time for new requests is over.
        case overdue
        /// No connection, after all attempts.
        case unreachable
        /// 401, 403.
        case refused
        /// 404, 410.
        case gone
        /// It may not be asked for at all.
        case forbidden
        /// An answer came, but not what was asked for.
        case unusable
        case failed
    }

    var kind: Kind
    /// With phone numbers masked.
    var reason: String
}

/// Gets one document after the other from a family of addresses, with that family's own pace.
///
/// Its failures concern details of recordings and never stop a run. Used by one serial queue,
/// which it blocks; `interrupt` may be called from any thread.
final class DocumentFetcher: Sendable {
    struct Context: Sendable {
        var credentials: Credentials
        var access: AccessPolicy
        var retries: Int
        var pacing: Pacer.Mode
        /// Monotonic time (ns) after which nothing new is asked for.
        var deadline: Int64?
        var rateLimitPause: @Sendable (ResponseHead) -> Int64?
        var errorText: @Sendable ([UInt8]) -> String?
        var random: @Sendable () -> Double
        var observer: any SyncObserver
    }

    struct Counts: Sendable {
        var requests = 0
        var retries = 0
        var refused = 0
    }

    private struct State {
        var pacer: Pacer
        var counts = Counts()
    }

    /// What is refused by 429 for so long (ns) is left to the next run.
    private static let longestRefusal: Int64 = 3_600_000_000_000

    /// As `paced` events name it.
    let family: String
    private let context: Context
    private let requester: Requester
    private let interruption = Interruption()
    private let backoff = Backoff()
    private let state: Locked<State>

    init(
        _ family: String, context: Context, options: TransferOptions
    ) throws(TransferError) {
        self.family = family
        self.context = context
        requester = try Requester(options: options)
        state = Locked(State(pacer: Pacer(context.pacing)))
    }

    func interrupt() {
        interruption.set()
        requester.close()
    }

    var isInterrupted: Bool { interruption.isSet }
    var counts: Counts { state.withLock { $0.counts } }

    /// Asks until `read` makes something of the answer or the attempts are used up.
    ///
    /// `what` names the document in messages; a body of more than `limit` bytes is a failure. An
    /// answer that `read` can't use is asked for again, `readings` times in all.
    func fetch<Value>(
        _ url: HTTPURL, _ what: String, limit: Int, accept: String, readings: Int = .max,
        read: (Response) throws(UnusableAnswer) -> Value
    ) throws(FetchFailure) -> Value {
        var chain = Chain(url: url)
        while true {
            try wait()
            let outcome = attempt(&chain, limit: limit, accept: accept)
            let failure: (failure: FetchFailure, retryAfter: Int64?)
            switch outcome {
            case .answer(let response):
                do throws(UnusableAnswer) {
                    return try read(response)
                } catch {
                    failure = (FetchFailure(kind: .unusable, reason: error.reason), nil)
                    chain.readings += 1
                }
            case .again: continue
            case .final(let final): throw masked(final)
            case .transient(let found, let retryAfter): failure = (found, retryAfter)
            }
            chain.failures += 1
            let isTooLong = failure.retryAfter ?? 0 > Backoff.longestWait.nanoseconds
            guard chain.failures <= context.retries, chain.readings < readings, !isTooLong else {
                throw masked(failure.failure)
            }
            let jittered = backoff.pause(attempt: chain.failures, random: context.random())
            let pause = max(jittered.nanoseconds, failure.retryAfter ?? 0)
            state.withLock { $0.counts.retries += 1 }
            let tenths = pause / 100_000_000
            context.observer.observe(
                .notice(
                    .debug,
                    "trying \(what) again in \(tenths / 10).\(tenths % 10) s: "
                        + masked(failure.failure).reason))
            chain.startOver()
            try rest(until: MonotonicClock.now() + pause)
        }
    }

    /// Where the requests for one document have come.
    private struct Chain {
        let first: HTTPURL
        var url: HTTPURL
        var from: HTTPURL?
        var redirects = 0
        var failures = 0
        /// Answers that could not be used.
        var readings = 0
        var firstRefusal: Int64?

        init(url: HTTPURL) {
            first = url
            self.url = url
        }

        mutating func startOver() {
            url = first
            from = nil
            redirects = 0
        }
    }

    private enum Outcome {
        case answer(Response)
        /// A redirect, or a refusal that has been waited for.
        case again
        case transient(FetchFailure, retryAfter: Int64?)
        case final(FetchFailure)
    }

    private func attempt(_ chain: inout Chain, limit: Int, accept: String) -> Outcome {
        var request = TransferRequest(url: chain.url)
        switch context.access.admission(of: chain.url, from: chain.from) {
        case .withCredentials: request.credentials = context.credentials
        case .withoutCredentials: break
        case .refused(let reason):
            return .final(
                FetchFailure(kind: .forbidden, reason: "it is not asked for: \(reason)"))
        }
        request.headers = ["Accept: \(accept)"]
        request.acceptsCompression = true
        state.withLock { $0.counts.requests += 1 }
        do throws(TransferError) {
            return judge(try requester.perform(request, limit: limit), &chain)
        } catch {
            if error.kind == .interrupted || interruption.isSet {
                return .final(FetchFailure(kind: .interrupted, reason: "interrupted"))
            }
            let failure = FetchFailure(
                kind: Self.isConnection(error.kind) ? .unreachable : .failed, reason: error.text)
            return error.isTransient ? .transient(failure, retryAfter: nil) : .final(failure)
        }
    }

    private func judge(_ response: Response, _ chain: inout Chain) -> Outcome {
        let reason =
            "the provider answered \(response.head.status)"
            + (context.errorText(response.body).map { ": \($0)" } ?? "")
        let kind = StatusClass(response.head.status)
        if kind != .rateLimited { state.withLock { $0.pacer.granted(now: MonotonicClock.now()) } }
        switch kind {
        case .content: return .answer(response)
        case .redirect: return redirect(response.head, &chain)
        case .rateLimited: return refused(response.head, &chain)
        case .transient:
            return .transient(
                FetchFailure(kind: .failed, reason: reason),
                retryAfter: response.head.retryAfter(now: Timestamp.now())?.nanoseconds)
        case .refused: return .final(FetchFailure(kind: .refused, reason: reason))
        case .gone: return .final(FetchFailure(kind: .gone, reason: reason))
        case .permanent, .rangeNotSatisfiable:
            return .final(FetchFailure(kind: .failed, reason: reason))
        }
    }

    private func refused(_ head: ResponseHead, _ chain: inout Chain) -> Outcome {
        let now = MonotonicClock.now()
        let pause = state.withLock { state in
            state.counts.refused += 1
            return state.pacer.refused(now: now, pause: context.rateLimitPause(head))
        }
        context.observer.observe(
            .paced(
                family: family, pause: .nanoseconds(pause), cause: "the provider's rate limit"))
        let first = chain.firstRefusal ?? now
        chain.firstRefusal = first
        guard now - first <= Self.longestRefusal else {
            return .final(
                FetchFailure(
                    kind: .unreachable, reason: "the provider refused every request for an hour"))
        }
        return .again
    }

    private func redirect(_ head: ResponseHead, _ chain: inout Chain) -> Outcome {
        chain.redirects += 1
        do throws(InvalidURL) {
            guard chain.redirects <= AccessPolicy.longestRedirectChain,
                let location = head.first("location")
            else {
                return .final(
                    FetchFailure(kind: .failed, reason: "it redirects nowhere, or for ever"))
            }
            let target = try chain.url.resolve(location)
            chain.from = chain.url
            chain.url = target
            return .again
        } catch {
            return .final(
                FetchFailure(kind: .failed, reason: "it redirects to an unusable URL: \(error)"))
        }
    }

    /// Waits for the family's turn.
    private func wait() throws(FetchFailure) {
        while true {
            let verdict = state.withLock { $0.pacer.reserve(now: MonotonicClock.now()) }
            switch verdict {
            case .go: return try rest(until: 0)
            case .wait(let until): try rest(until: until)
            }
        }
    }

    /// Rests, but not past the time for new requests.
    private func rest(until: Int64) throws(FetchFailure) {
        let now = MonotonicClock.now()
        if let deadline = context.deadline, max(now, until) >= deadline {
            throw FetchFailure(kind: .overdue, reason: "the time for new requests is over")
        }
        guard interruption.rest(nanoseconds: max(0, until - now)) else {
            throw FetchFailure(kind: .interrupted, reason: "interrupted")
        }
    }

    private func masked(_ failure: FetchFailure) -> FetchFailure {
        FetchFailure(kind: failure.kind, reason: PartyMask.words(failure.reason))
    }

    private static func isConnection(_ kind: TransferError.Kind) -> Bool {
        switch kind {
        case .resolve, .connect, .connectTimeout, .tls, .certificate, .caFile: true
        default: false
        }
    }
}
