import Dispatch
import Platform
import Synchronization

/// A response held in memory.
package struct Response: Sendable {
    package var head: ResponseHead
    package var body: [UInt8]
}

/// One request at a time over a lane of its own, for a serial queue that may wait.
package final class Requester: TransferSource {
    private struct State {
        var waiting: (TransferRequest, MemorySink)?
        var isClosed = false
        /// What ended the lane.
        var failure: TransferError?
    }

    private let lane: Lane
    private let state = Locked(State())

    package init(options: TransferOptions) throws(TransferError) {
        lane = try Lane(index: -1, options: options, connections: 4)
        lane.run(self) { [weak self] error in self?.laneEnded(error) }
    }

    /// Without its lane nobody would answer: what waits, and all that comes, ends too.
    private func laneEnded(_ error: TransferError?) {
        let waiting = state.withLock { state in
            state.isClosed = true
            state.failure = error
            defer { state.waiting = nil }
            return state.waiting?.1
        }
        waiting?.end(error ?? TransferError(.interrupted, text: "interrupted"))
    }

    /// Makes the request and waits for all of the response; blocks the calling thread.
    ///
    /// A body of more than `limit` bytes is an error of kind `malformed`.
    package func perform(
        _ request: TransferRequest, limit: Int
    ) throws(TransferError) -> Response {
        let sink = MemorySink(limit: limit)
        let isOpen = state.withLock { state in
            if state.isClosed { return false }
            state.waiting = (request, sink)
            return true
        }
        guard isOpen else {
            let failure = state.withLock { $0.failure }
            throw TransferError(.interrupted, text: failure?.text ?? "interrupted")
        }
        lane.wake()
        return try sink.wait()
    }

    /// Ends what runs as interrupted; later requests too.
    package func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = nil }
            return state.waiting?.1
        }
        waiting?.end(TransferError(.interrupted, text: "interrupted"))
        lane.stop()
    }

    package func next(lane: Int, active: Int) -> NextTransfer {
        state.withLock { state in
            if let (request, sink) = state.waiting {
                state.waiting = nil
                return .start(request, sink)
            }
            return state.isClosed ? .finished : .wait(until: nil)
        }
    }
}

/// Collects a response in memory and wakes who waits for it.
final class MemorySink: ResponseSink {
    private struct State {
        var head: ResponseHead?
        var body: [UInt8] = []
        var isTooLarge = false
        var outcome: Result<Response, TransferError>?
    }

    private let limit: Int
    private let state = Locked(State())
    private let done = DispatchSemaphore(value: 0)

    init(limit: Int) {
        self.limit = limit
    }

    func begin(_ head: ResponseHead) -> Bool {
        state.withLock { $0.head = head }
        return true
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            guard state.body.count + bytes.count <= limit else {
                state.isTooLarge = true
                return false
            }
            unsafe state.body.append(contentsOf: bytes)
            return true
        }
    }

    func end(_ error: TransferError?) {
        let isFirst = state.withLock { state in
            guard state.outcome == nil else { return false }
            if state.isTooLarge {
                state.outcome = .failure(
                    TransferError(.malformed, text: "the response exceeds \(limit >> 20) MiB"))
            } else if let error {
                state.outcome = .failure(error)
            } else if let head = state.head {
                state.outcome = .success(Response(head: head, body: state.body))
            } else {
                state.outcome = .failure(TransferError(.cut, text: "no response came"))
            }
            return true
        }
        if isFirst { done.signal() }
    }

    func wait() throws(TransferError) -> Response {
        done.wait()
        let outcome = state.withLock { $0.outcome }
        switch outcome {
        case .success(let response): return response
        case .failure(let error): throw error
        case nil: throw TransferError(.library, text: "no outcome")
        }
    }
}
