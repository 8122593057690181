import Dispatch
import Platform
import Synchronization
import Transfer

/// The pings of one run: its start, then its end, one after the other and never in the run's way.
///
/// A start is sent beside the run. An end is waited for, `longest` at most with its one retry, or
/// `hurried` after a signal. No credentials go along, no redirect is followed.
package final class RunPings: Sendable {
    package struct Limits: Sendable {
        package var longest = Duration.seconds(10)
        package var hurried = Duration.seconds(2)
        /// For the connection, and for bytes that don't move.
        package var attempt = Duration.seconds(4)
        package var pause = Duration.seconds(1)

        package init() {}
    }

    private struct State {
        var current: Requester?
        var isStart = false
        var isHurried = false
        var failure: String?
    }

    /// Nobody's answer is larger; it isn't looked at.
    private static let answerLimit = 1 << 20

    private let address: PingAddress
    private let limits: Limits
    private let state = Locked(State())
    private let queue = DispatchQueue(label: "callarchive.ping")
    private let clock = DispatchQueue(label: "callarchive.ping.clock")

    package init(_ address: PingAddress, limits: Limits = Limits()) {
        self.address = address
        self.limits = limits
    }

    /// Announces the run; `body` is made on the pings' own queue. Returns at once.
    package func start(_ body: @escaping @Sendable () -> String) {
        queue.async { self.send(.start, body(), within: self.limits.longest) }
    }

    /// Announces the end and waits for it; says why a ping of this run failed, nil for none.
    package func end(_ signal: PingAddress.Signal, _ body: String) -> String? {
        // A start that is still under way must not arrive behind the end, nor hold it up.
        let began = MonotonicClock.now()
        cut(after: limits.hurried)
        queue.sync {
            let waited = Duration.nanoseconds(MonotonicClock.now() - began)
            let isHurried = state.withLock { $0.isHurried }
            send(
                signal, body,
                within: isHurried ? limits.hurried : max(limits.hurried, limits.longest - waited))
        }
        return state.withLock { $0.failure }
    }

    /// A signal came: what is under way, and what comes, is given less time.
    package func hurry() {
        let isStart = state.withLock { state in
            state.isHurried = true
            return state.isStart
        }
        // The end says more than a start that nobody answers.
        cut(after: isStart ? .zero : limits.hurried)
    }

    private func cut(after time: Duration) {
        guard let current = state.withLock({ $0.current }) else { return }
        clock.asyncAfter(deadline: .now() + .nanoseconds(Int(time.nanoseconds))) {
            [weak current] in current?.close()
        }
    }

    /// One ping with its retry, on the queue.
    private func send(_ signal: PingAddress.Signal, _ body: String, within time: Duration) {
        let began = MonotonicClock.now()
        var options = TransferOptions()
        options.connectTimeout = limits.attempt
        options.stallTimeout = limits.attempt
        options.userAgent = "callarchive/\(CallArchiveVersion.current)"
        var trouble: String?
        do throws(TransferError) {
            let requester = try Requester(options: options)
            state.withLock { state in
                state.current = requester
                state.isStart = signal == .start
            }
            cut(after: time)
            trouble = attempt(requester, signal, body)?.text
            let elapsed = MonotonicClock.now() - began
            let isHurried = state.withLock { $0.isHurried }
            if trouble != nil, !isHurried, elapsed < time.nanoseconds {
                _ = DispatchSemaphore(value: 0).wait(
                    timeout: .now() + .nanoseconds(Int(limits.pause.nanoseconds)))
                let again = attempt(requester, signal, body)
                // Cut short, the first attempt knows more.
                if again?.isCut != true { trouble = again?.text }
            }
            state.withLock { $0.current = nil }
            requester.close()
        } catch {
            trouble = error.text
        }
        if let trouble { state.withLock { $0.failure = $0.failure ?? trouble } }
    }

    private struct Trouble {
        var text: String
        var isCut = false
    }

    private func attempt(
        _ requester: Requester, _ signal: PingAddress.Signal, _ body: String
    ) -> Trouble? {
        var request = TransferRequest(url: address.url(signal))
        request.body = Array(body.utf8)
        request.headers = ["Content-Type: text/plain; charset=utf-8"]
        do throws(TransferError) {
            let status = try requester.perform(request, limit: Self.answerLimit).head.status
            if (200...299).contains(status) { return nil }
            let remark = (300...399).contains(status) ? ", and redirects are not followed" : ""
            return Trouble(text: "it answered \(status)\(remark)")
        } catch {
            guard error.kind == .interrupted else { return Trouble(text: error.text) }
            return Trouble(text: "it gave no answer in time", isCut: true)
        }
    }
}
