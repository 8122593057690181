import CLibCurl
import Dispatch
import Glibc
import Platform
import Synchronization

/// A serial queue that owns one libcurl multi handle and its easy handles.
///
/// Its loop asks the source for transfers, drives them with `curl_multi_poll` and hands each to
/// its sink. Other queues reach it through `wake()` and `stop()` only.
@safe
package final class Lane: @unchecked Sendable {
    // @unchecked: `multi` and `closed` are shared under `state`'s lock for waking; all else is
    // touched on `queue` alone.
    private struct State {
        var isStopped = false
        var isClosed = false
    }

    /// Longest rest of the loop, so that stalls are seen in time.
    private static let longestPoll: Int64 = 1_000_000_000

    private let index: Int
    private let options: TransferOptions
    private let queue: DispatchQueue
    private let state = Locked(State())
    // Owned: cleaned up in deinit, after the loop.
    private let multi: UnsafeMutableRawPointer
    /// By the size of their buffers: libcurl may refuse another one for a handle that was used.
    private var idle: [EasyHandle] = []
    private var idleLarge: [EasyHandle] = []
    /// Each knows its place.
    private var active: [EasyHandle] = []
    private var nextStallCheck: Int64 = 0

    /// `connections` is how many the lane keeps open for reuse.
    package init(index: Int, options: TransferOptions, connections: Int) throws(TransferError) {
        if let failure = CurlLibrary.failure { throw failure }
        guard let multi = unsafe curl_multi_init() else {
            throw TransferError(.library, text: "curl_multi_init failed")
        }
        unsafe self.multi = multi
        self.index = index
        self.options = options
        queue = DispatchQueue(label: "callarchive.lane.\(index)")
        let code = unsafe clibcurl_multi_set_long(
            multi, CURLMOPT_MAXCONNECTS, connections)
        guard code == CURLM_OK else {
            throw TransferError(.library, text: "curl_multi_setopt: \(Self.text(code))")
        }
    }

    deinit {
        for handle in active {
            unsafe curl_multi_remove_handle(multi, handle.easy.pointer)
        }
        active = []
        idle = []
        idleLarge = []
        unsafe curl_multi_cleanup(multi)
    }

    /// Runs until the source has finished; `completion` is then called on the lane's queue.
    package func run(
        _ source: any TransferSource, completion: @escaping @Sendable (TransferError?) -> Void
    ) {
        queue.async {
            do throws(TransferError) {
                try self.loop(source)
                completion(nil)
            } catch {
                self.abort(error)
                completion(error)
            }
        }
    }

    /// Makes the loop ask its source again, from any thread.
    package func wake() {
        unsafe curl_multi_wakeup(multi)
    }

    /// Ends what runs as interrupted and the loop with it, from any thread.
    package func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func loop(_ source: any TransferSource) throws(TransferError) {
        while true {
            if isStopped {
                abort(TransferError(.interrupted, text: "interrupted"))
                return
            }
            var due: Int64?
            var hasFinished = false
            admission: while true {
                switch source.next(lane: index, active: active.count) {
                case .start(let request, let sink): start(request, sink)
                case .wait(let until):
                    due = until
                    break admission
                case .finished:
                    hasFinished = true
                    break admission
                }
            }
            if hasFinished && active.isEmpty { return }
            if let limit = options.limit, rest(limit) { continue }
            try perform()
            if collect() { continue }
            let now = MonotonicClock.now()
            endStalled(now)
            let rest = min(Self.longestPoll, max(0, (due ?? .max) - now))
            // Rounded up, or the loop would spin for the last part of a millisecond.
            try poll(milliseconds: Int32((rest + 999_999) / 1_000_000))
        }
    }

    /// Rests a while when the limit is used up; true when it did.
    private func rest(_ limit: ByteRateLimit) -> Bool {
        let rest = limit.rest(now: MonotonicClock.now())
        guard rest > 0, !active.isEmpty else { return false }
        // In slices, so that `stop` is heard; on the lane's own thread.
        usleep(UInt32(min(rest, 20_000_000) / 1000 + 1))
        let now = MonotonicClock.now()
        // It is us who hold them up: no stall.
        for handle in active { handle.exchange.excuse(now) }
        return true
    }

    private func start(_ request: TransferRequest, _ sink: any ResponseSink) {
        let known = request.isLarge ? idleLarge.popLast() : idle.popLast()
        guard let handle = known ?? EasyHandle(options, isLarge: request.isLarge) else {
            sink.end(TransferError(.library, text: "libcurl gave no handle"))
            return
        }
        handle.exchange.begin(sink, now: MonotonicClock.now(), limit: options.limit)
        do throws(TransferError) {
            try handle.prepare(request)
            let code = unsafe curl_multi_add_handle(multi, handle.easy.pointer)
            guard code == CURLM_OK else {
                throw TransferError(.library, text: "curl_multi_add_handle: \(Self.text(code))")
            }
        } catch {
            sink.end(error)
            return
        }
        handle.place = active.count
        active.append(handle)
    }

    private func perform() throws(TransferError) {
        var running: Int32 = 0
        let code = unsafe curl_multi_perform(multi, &running)
        guard code == CURLM_OK else {
            throw TransferError(.library, text: "curl_multi_perform: \(Self.text(code))")
        }
    }

    private func poll(milliseconds: Int32) throws(TransferError) {
        let code = unsafe curl_multi_poll(multi, nil, 0, milliseconds, nil)
        guard code == CURLM_OK else {
            throw TransferError(.library, text: "curl_multi_poll: \(Self.text(code))")
        }
    }

    /// Hands finished transfers to their sinks; true when there was one.
    private func collect() -> Bool {
        var found = false
        var waiting: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &waiting) {
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let easy = unsafe message.pointee.easy_handle
            else { continue }
            let result = unsafe clibcurl_message_result(message)
            guard let handle = unsafe EasyHandle.owner(of: easy), isActive(handle) else {
                continue
            }
            found = true
            finish(handle, handle.exchange.verdict ?? handle.error(for: result))
        }
        return found
    }

    /// Messages of a handle that was taken out of the multi handle went with it.
    private func isActive(_ handle: EasyHandle) -> Bool {
        handle.place < active.count && active[handle.place] === handle
    }

    private func endStalled(_ now: Int64) {
        guard now >= nextStallCheck else { return }
        nextStallCheck = now + Self.longestPoll / 4
        let limit = options.stallTimeout.nanoseconds
        for handle in active {
            let exchange = handle.exchange
            exchange.look(now)
            guard now - exchange.lastMoved > limit else { continue }
            if !exchange.hasMoved {
                // While connecting, the connect timeout rules; it begins to count after that.
                let pretransfer = handle.pretransferTime
                if pretransfer == 0 || now - exchange.started - pretransfer * 1000 <= limit {
                    continue
                }
            }
            finish(
                handle,
                TransferError(.stall, text: "no byte for \(Int(options.stallTimeout.seconds)) s"))
        }
    }

    private func abort(_ error: TransferError) {
        for handle in active { finish(handle, error) }
    }

    /// Of a handle that is active; once.
    private func finish(_ handle: EasyHandle, _ error: TransferError?) {
        unsafe curl_multi_remove_handle(multi, handle.easy.pointer)
        let last = active.removeLast()
        if last !== handle {
            active[handle.place] = last
            last.place = handle.place
        }
        let sink = handle.exchange.sink
        handle.exchange.end()
        if handle.isLarge { idleLarge.append(handle) } else { idle.append(handle) }
        sink?.end(error)
    }

    private static func text(_ code: CURLMcode) -> String {
        unsafe curl_multi_strerror(code).map { unsafe String(cString: $0) } ?? "\(code.rawValue)"
    }
}
