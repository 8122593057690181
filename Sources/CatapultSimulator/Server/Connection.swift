internal import Glibc

/// One connection's thread: reads requests, sends answers, until either side has enough.
final class Connection: @unchecked Sendable {
    // Unchecked: only `socket.wakeUp` is called from outside the connection's thread.
    let number: Int
    let socket: ClientSocket
    private let service: Service
    private let stop: StopSignal
    private let tls: TLSContext?
    private var pending: [UInt8] = []

    private static let largestHead = 1 << 20
    private static let largestBody = 64 << 20

    init(number: Int, socket: ClientSocket, service: Service, stop: StopSignal, tls: TLSContext?) {
        self.number = number
        self.socket = socket
        self.service = service
        self.stop = stop
        self.tls = tls
    }

    func run() {
        if service.faults.withLock({ $0.faultForConnection() }) != nil {
            // The client's hello is read first, so that it sees a handshake cut in the middle.
            _ = receive()
            return
        }
        if let tls, !socket.startTLS(tls) { return }
        var served = 0
        let most = service.settings.withLock { $0.requestsPerConnection }
        while let request = nextRequest() {
            served += 1
            if !serve(request, isLast: served >= most) { return }
        }
    }

    /// False when the connection is to be closed.
    private func serve(_ request: Request, isLast: Bool) -> Bool {
        var record = RequestRecord(
            sequence: 0, time: WallClock.milliseconds(), endTime: nil, connection: number,
            family: .other, method: request.method, path: request.path, query: request.query,
            host: request.header("host"), authorization: service.authorization(of: request),
            range: request.header("range"), ifRange: request.header("if-range"),
            ifNoneMatch: request.header("if-none-match"),
            acceptEncoding: request.header("accept-encoding"),
            userAgent: request.header("user-agent"), subject: nil, status: 0, bytes: 0, fault: nil)
        if Target(request).family == .control {
            // What watches the log stays out of it.
            let answer = service.answer(request, record: &record)
            let sender = Sender(socket: socket, stop: stop, log: nil, sequence: 0)
            return sender.send(answer, to: request, keepsAlive: true, offset: 0).keepsAlive
        }
        record.sequence = service.log.begin(record)
        var answer = service.answer(request, record: &record)
        if isLast || request.header("connection")?.lowercased() == "close" {
            answer.plan.closes = true
        }
        let sender = Sender(
            socket: socket, stop: stop, log: service.log, sequence: record.sequence)
        let offset = service.settings.withLock { $0.clockOffset }
        let outcome = sender.send(answer, to: request, keepsAlive: true, offset: offset)
        record.status = outcome.statusSent
        record.bytes = outcome.bytes
        record.endTime = WallClock.milliseconds()
        service.log.end(
            record, media: answer.media, whole: answer.isWholeMedia && outcome.isWhole)
        if let ending = outcome.ending { end(ending) }
        return outcome.keepsAlive
    }

    private func end(_ ending: WirePlan.Ending) {
        switch ending {
        case .close: break
        case .reset:
            // What was sent shall be read before the reset overtakes it.
            _ = stop.sleep(seconds: 0.03)
            socket.setReset()
        case .halfClose:
            socket.endWriting(politely: false)
            while !receive().isEmpty {}
        }
    }

    private func nextRequest() -> Request? {
        while true {
            if let end = headEnd() {
                let head = pending[..<end]
                guard var request = Request(head: head) else { return nil }
                pending.removeSubrange(..<end)
                let length = request.header("content-length").flatMap { Int($0) } ?? 0
                guard length >= 0, length <= Self.largestBody else { return nil }
                if request.header("expect") != nil {
                    _ = socket.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                }
                while pending.count < length {
                    let more = receive()
                    if more.isEmpty { return nil }
                    pending += more
                }
                request.body = Array(pending[..<length])
                pending.removeSubrange(..<length)
                return request
            }
            if pending.count > Self.largestHead { return nil }
            let more = receive()
            if more.isEmpty { return nil }
            pending += more
        }
    }

    /// The index after the empty line that ends a header.
    private func headEnd() -> Int? {
        unsafe pending.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var from = 0
            while let found = unsafe memchr(base + from, 0x0A, bytes.count - from) {
                let place = unsafe base.distance(to: UnsafeRawPointer(found))
                if place >= 3, unsafe bytes[place - 2] == 0x0A, unsafe bytes[place - 1] == 0x0D {
                    return place + 1
                }
                from = place + 1
            }
            return nil
        }
    }

    private func receive() -> [UInt8] {
        let socket = socket
        return unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
            count = unsafe socket.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
