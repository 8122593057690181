import Platform

/// One request and its response on a lane, and the next ones of its handle: feeds the sink from
/// libcurl's callbacks.
///
/// Confined to the lane's queue.
final class Exchange {
    /// Response headers of this size are an attack or a mistake; the head holds no line as long.
    static let headerLimit = 64 << 10

    /// nil between transfers.
    private(set) var sink: (any ResponseSink)?
    /// Monotonic time (ns) of the start, and of when bytes were last noticed.
    private(set) var started: Int64 = 0
    private(set) var lastMoved: Int64 = 0
    /// Any byte came in at all.
    private(set) var hasMoved = false
    /// Some came since the last look: the clock is read for each look, not for each line.
    private var hasNews = false
    private var limit: ByteRateLimit?
    private var head: ResponseHead?
    private var isInBody = false
    /// Our own reason for ending the transfer, which libcurl reports as a write error.
    private(set) var verdict: TransferError?

    /// A transfer begins, of which nothing has come.
    func begin(_ sink: any ResponseSink, now: Int64, limit: ByteRateLimit?) {
        self.sink = sink
        started = now
        lastMoved = now
        hasMoved = false
        hasNews = false
        self.limit = limit
        head = nil
        isInBody = false
        verdict = nil
    }

    /// The transfer is over: what it held goes.
    func end() {
        sink = nil
        limit = nil
        head = nil
        verdict = nil
    }

    /// Looks whether bytes came since the last look.
    func look(_ now: Int64) {
        guard hasNews else { return }
        hasNews = false
        lastMoved = now
    }

    private func move() {
        hasMoved = true
        hasNews = true
    }

    /// One line of the head, also of interim responses and trailers; false ends the transfer.
    func header(_ line: UnsafeRawBufferPointer) -> Bool {
        move()
        if isInBody { return true }
        if unsafe isStatusLine(line) {
            unsafe head = ResponseHead(status: status(of: line))
            return true
        }
        let isEnd = unsafe line.allSatisfy {
            $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
        }
        if !isEnd {
            unsafe head?.append(line)
            if let head, head.size >= Self.headerLimit {
                verdict = TransferError(
                    .oversizedHeaders,
                    text: "response headers reach \(Self.headerLimit >> 10) KiB")
                return false
            }
            return true
        }
        guard let sink, let head, head.status >= 200 else { return true }
        isInBody = true
        return accept(sink.begin(head))
    }

    /// The next bytes of the body; false ends the transfer.
    func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
        move()
        if let limit {
            let now = MonotonicClock.now()
            limit.spend(bytes.count, now: now)
            limit.pause(now: now)
        }
        guard let sink else { return false }
        return accept(unsafe sink.receive(bytes))
    }

    /// The time since the last byte was not the server's fault.
    func excuse(_ now: Int64) {
        if hasMoved { lastMoved = now }
    }

    private func accept(_ isAccepted: Bool) -> Bool {
        if !isAccepted {
            verdict = TransferError(.refusedBySink, text: "turned down by the receiver")
        }
        return isAccepted
    }

    /// `HTTP`, its first letter lowest.
    private static let http: UInt32 = 0x5054_5448

    private func isStatusLine(_ line: UnsafeRawBufferPointer) -> Bool {
        // As one number: asked of each line.
        unsafe line.count >= 5 && line[4] == UInt8(ascii: "/")
            && line.loadUnaligned(as: UInt32.self) == Self.http.littleEndian
    }

    /// The three digits after the first space; 0 when there are none.
    private func status(of line: UnsafeRawBufferPointer) -> Int {
        guard let space = unsafe line.firstIndex(of: UInt8(ascii: " ")) else { return 0 }
        var value = 0
        for index in (space + 1)..<min(space + 4, line.count) {
            let byte = unsafe line[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return 0 }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

// C callbacks: file-level functions, since a closure literal could be bound to an actor. Of the exchange,
// which lives as long as its easy handle, no reference is counted: `_withUnsafeGuaranteedRef` is no API
// that the standard library promises; `takeUnretainedValue()` does the same and counts.

func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let length = size * count
    let isAccepted = unsafe Unmanaged<Exchange>.fromOpaque(context)._withUnsafeGuaranteedRef {
        unsafe $0.body(UnsafeRawBufferPointer(start: bytes, count: length))
    }
    return isAccepted ? length : 0
}

func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let length = size * count
    let isAccepted = unsafe Unmanaged<Exchange>.fromOpaque(context)._withUnsafeGuaranteedRef {
        unsafe $0.header(UnsafeRawBufferPointer(start: bytes, count: length))
    }
    return isAccepted ? length : 0
}
