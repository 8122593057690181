/// Sends one answer, with all that its plan has in store for it.
struct Sender {
    struct Outcome {
        /// 0 when no status line was sent.
        var statusSent = 0
        /// Bytes of body handed to the kernel.
        var bytes: Int64 = 0
        var isWhole = false
        var keepsAlive = false
        var ending: WirePlan.Ending?
    }

    let socket: ClientSocket
    let stop: StopSignal
    let log: RequestLog?
    let sequence: Int

    private static let chunkBytes: Int64 = 131_072

    func send(_ answer: Answer, to request: Request, keepsAlive: Bool, offset: Int64) -> Outcome {
        let plan = answer.plan
        var outcome = Outcome()
        if plan.stallBeforeHeaders > 0, !sleep(plan.stallBeforeHeaders) { return outcome }
        if let ending = plan.endsBeforeHeaders {
            outcome.ending = ending
            return outcome
        }
        let closes = plan.closes || answer.response.framing == .close || !keepsAlive
        var head = plan.interim
        head += plan.rawHead ?? self.head(of: answer.response, closes: closes, offset: offset)
        if plan.resetsInHeaders {
            _ = socket.send(Array(head.prefix(head.count / 2)))
            outcome.ending = .reset
            return outcome
        }
        outcome.statusSent = answer.response.status
        if request.method == "HEAD" {
            outcome.keepsAlive = socket.send(head) && !closes
            return outcome
        }
        guard sendBody(of: answer, after: head, &outcome) else { return outcome }
        if outcome.ending != nil { return outcome }
        if plan.surplus > 0 {
            _ = socket.send([UInt8](repeating: 0x58, count: plan.surplus))
        }
        outcome.isWhole = true
        outcome.keepsAlive = !closes
        if closes { socket.endWriting(politely: true) }
        return outcome
    }

    /// False when the other side went away or the server stops.
    private func sendBody(
        of answer: Answer, after head: [UInt8], _ outcome: inout Outcome
    ) -> Bool {
        let plan = answer.plan
        let body = answer.response.body
        let isChunked = answer.response.framing == .chunked
        let end = min(body.count, plan.cut?.at ?? .max)
        let pace = plan.bytesPerSecond.map { Pace(bytesPerSecond: max(1, $0)) }
        var unsent = head
        var offset: Int64 = 0
        var hasStalled = plan.stall == nil
        func isCut(after offset: Int64) -> Bool { plan.cut != nil && offset == end }
        repeat {
            if let stall = plan.stall, !hasStalled, offset >= stall.at {
                hasStalled = true
                if !unsent.isEmpty, !socket.send(unsent) { return false }
                unsent = []
                if !sleep(stall.seconds) { return false }
            }
            var count = min(Self.chunkBytes, end - offset)
            if let pace { count = min(count, pace.step) }
            if let stall = plan.stall, !hasStalled { count = min(count, stall.at - offset) }
            if isChunked, count > 0 {
                // The chunk that is cut declares more than it holds.
                let declared = isCut(after: offset + count) ? count + 100 : count
                unsent += Array((String(declared, radix: 16) + "\r\n").utf8)
            }
            let room = unsent.count
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: room + Int(count)) {
                buffer, filled in
                _ = unsafe buffer.update(fromContentsOf: unsent)
                let raw = UnsafeMutableRawBufferPointer(buffer)
                let place = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: raw[room..<room + Int(count)])
                unsafe body.fill(place, from: offset)
                filled = room + Int(count)
            }
            unsent = []
            if !piece.isEmpty, !socket.send(piece) { return false }
            offset += count
            outcome.bytes = offset
            if isChunked, count > 0, !isCut(after: offset) { unsent = [0x0D, 0x0A] }
            if let pace, offset < end, !sleep(pace.delay(after: offset)) { return false }
        } while offset < end
        if let cut = plan.cut {
            outcome.ending = cut.ending
            return true
        }
        if isChunked { unsent += Array("0\r\n\r\n".utf8) }
        return unsent.isEmpty || socket.send(unsent)
    }

    private func head(of response: Response, closes: Bool, offset: Int64) -> [UInt8] {
        var text = "HTTP/1.1 \(response.status) \(response.reason)\r\n"
        text += "Date: \(DateText.http(WallClock.milliseconds() + offset))\r\n"
        text += "Server: catapult-simulator\r\n"
        for (name, value) in response.headers { text += "\(name): \(value)\r\n" }
        switch response.framing {
        case .length:
            text += "Content-Length: \(response.declaredLength ?? response.body.count)\r\n"
        case .chunked: text += "Transfer-Encoding: chunked\r\n"
        case .close: break
        }
        if closes { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private func sleep(_ seconds: Double) -> Bool {
        // Whoever asks for the log waits for short pauses, not for long ones.
        guard seconds > 1 else { return stop.sleep(seconds: seconds) }
        log?.setSleeping(sequence, true)
        defer { log?.setSleeping(sequence, false) }
        return stop.sleep(seconds: seconds)
    }
}

/// Bytes a second, spread evenly over the second.
private struct Pace {
    let bytesPerSecond: Int64
    private let start = WallClock.monotonic()

    init(bytesPerSecond: Int64) {
        self.bytesPerSecond = bytesPerSecond
    }

    /// A twentieth of a second's bytes.
    var step: Int64 { max(1, bytesPerSecond / 20) }

    /// Seconds until the bytes so far are due.
    func delay(after bytes: Int64) -> Double {
        start + Double(bytes) / Double(bytesPerSecond) - WallClock.monotonic()
    }
}
