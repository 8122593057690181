internal import FoundationEssentials

/// The provider's mind: what it has, what it grants, what it answers. Sockets are elsewhere.
final class Service: Sendable {
    let settings: Guarded<Configuration>
    let book: Guarded<RecordingBook>
    let faults: Guarded<FaultBook>
    let limiters: Guarded<[EndpointFamily: RateLimiter]>
    let log: RequestLog
    let credentialsAreRevoked = Guarded(false)
    /// Requests for the first page of the recordings so far.
    let walks = Guarded(0)
    let port: UInt16
    let origin: String

    var base: String { origin + "/v1" }

    init(_ configuration: Configuration, port: UInt16) throws(SimulatorError) {
        settings = Guarded(configuration)
        book = Guarded(
            RecordingBook(plan: configuration.recordings, now: WallClock.milliseconds()))
        faults = Guarded(FaultBook(configuration.faults))
        limiters = Guarded(configuration.rates.mapValues { RateLimiter(limit: $0) })
        log = try RequestLog(file: configuration.logFile, keeps: configuration.keepLog)
        self.port = port
        let address = configuration.address
        let literal = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        let scheme = configuration.tlsCertificate == nil ? "http" : "https"
        origin = "\(scheme)://\(configuration.hostName ?? literal):\(port)"
    }

    /// Answers one request; `record` comes back with what was found out about it.
    func answer(_ request: Request, record: inout RequestRecord) -> Answer {
        let configuration = settings.withLock { $0 }
        let target = Target(request)
        record.family = target.family
        record.subject = target.name
        if case .control(let words) = target.place {
            return Answer(response: control(request, words))
        }
        if case .media(let name) = target.place {
            // The media's own path may belong to a recording that was given.
            let path = TextCoding.percentDecoded(request.path)
            if let row = book.withLock({ $0.row(mediaPath: path) ?? $0.row(mediaName: name) }) {
                return mediaAnswer(request, row, configuration, record: &record)
            }
        }
        if case .unknown = target.place {
            let path = TextCoding.percentDecoded(request.path)
            if let row = book.withLock({ $0.row(mediaPath: path) }) {
                record.family = .media
                return mediaAnswer(request, row, configuration, record: &record)
            }
        }
        if let refusal = refusal(of: request, target.user, configuration, record: record) {
            return Answer(response: refusal, plan: plan(configuration))
        }
        let page = target.isListing ? request.parameter("page") ?? "0" : nil
        var subject = target.name ?? page
        if target.isListing, configuration.paging == .opaque, request.parameter("after") != nil {
            subject = paging(request, target.place, configuration).map { String($0.page) }
        }
        record.subject = subject
        let fault = faults.withLock { book in
            book.fault(
                for: record.family, subjects: subject.map { [$0] } ?? [],
                hop: request.parameter("redirected") != nil)
        }
        let response = plainResponse(request, target, configuration)
        return finish(response, request, fault, nil, configuration, record: &record)
    }

    private func mediaAnswer(
        _ request: Request, _ row: RecordingRow, _ configuration: Configuration,
        record: inout RequestRecord
    ) -> Answer {
        record.subject = row.mediaName
        let user = Target(request).user
        if let refusal = refusal(of: request, user, configuration, record: record) {
            return Answer(response: refusal, plan: plan(configuration), media: row.mediaName)
        }
        let fault = faults.withLock { book in
            book.fault(
                for: .media, subjects: [row.id, row.mediaName],
                hop: request.parameter("redirected") != nil)
        }
        guard row.isComplete else {
            let response = Self.notFound("media-not-found", "The media \(row.mediaName)")
            var answer = finish(response, request, fault, nil, configuration, record: &record)
            answer.media = row.mediaName
            return answer
        }
        var row = row
        if fault?.name == .etagChanges {
            _ = book.withLock { $0.changeMedia(of: row.id) }
            row.version += 1
        }
        var serving = MediaServing(configuration)
        if let fault { serving.apply(fault) }
        var response = serving.response(to: request, for: row)
        response.framing = configuration.framing
        var answer = finish(
            response, request, fault, row.content, configuration, record: &record)
        answer.media = row.mediaName
        answer.isWholeMedia =
            answer.response.status == 200 && answer.response.body.count == row.shape.size
            && fault?.name != .otherContainer && request.method == "GET"
        return answer
    }

    /// Applies the fault and what holds for every answer.
    private func finish(
        _ response: Response, _ request: Request, _ fault: Fault?, _ media: MediaContent?,
        _ configuration: Configuration, record: inout RequestRecord
    ) -> Answer {
        var answer = Answer(response: response, plan: plan(configuration))
        guard let fault else { return answer }
        record.fault = fault.name.rawValue
        let scene = Fault.Scene(
            request: request, site: Site(origin: origin, user: configuration.userID), port: port,
            now: WallClock.milliseconds() + configuration.clockOffset,
            resetUnit: configuration.resetUnit, media: media)
        fault.change(&answer.response, in: scene)
        fault.change(&answer.plan, of: &answer.response)
        return answer
    }

    private func plan(_ configuration: Configuration) -> WirePlan {
        var plan = WirePlan()
        plan.stallBeforeHeaders = configuration.latency
        plan.bytesPerSecond = configuration.throttle
        return plan
    }

    static func notFound(_ code: String, _ what: String) -> Response {
        .failure(404, category: "not-found", code: code, message: "\(what) could not be found")
    }
}

/// A response, its way out, and what the counts need to know.
struct Answer: Sendable {
    var response: Response
    var plan = WirePlan()
    var media: String?
    var isWholeMedia = false
}
