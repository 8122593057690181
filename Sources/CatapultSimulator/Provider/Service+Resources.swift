extension Service {
    /// The right answer to an admitted request that isn't for a recording's media.
    func plainResponse(
        _ request: Request, _ target: Target, _ configuration: Configuration
    ) -> Response {
        let site = Site(origin: origin, user: configuration.userID)
        let account = site.account
        switch target.place {
        case .recordings, .calls, .mediaList:
            return listing(request, target.place, configuration)
        case .recording(let id):
            guard let row = book.withLock({ $0.row(id: id) }) else {
                return Self.notFound("recording-not-found", "The recording \(id)")
            }
            var text = ""
            row.appendJSON(to: &text, site: site)
            return .json(200, text)
        case .call(let id):
            let number = book.withLock { $0.generated.number(callID: id) }
            guard let number, number <= book.withLock({ $0.generated.callCount }) else {
                return Self.notFound("call-not-found", "The call \(id)")
            }
            return .json(200, call(number, account: account))
        case .transcriptions(let id), .transcription(let id, _):
            guard let row = book.withLock({ $0.row(id: id) }) else {
                return Self.notFound("recording-not-found", "The recording \(id)")
            }
            let transcript = Transcript(recordingID: id)
            guard let state = transcript.state(configuration), row.isComplete else {
                return .json(200, "[]")
            }
            let text = transcript.json(account: account, time: row.endTime, state: state)
            if case .transcription(_, let wanted) = target.place {
                return wanted == transcript.id
                    ? .json(200, text)
                    : Self.notFound("transcription-not-found", "The transcription \(wanted)")
            }
            return .json(200, "[\(text)]")
        case .media(let name):
            if name.hasPrefix("t-"), name.hasSuffix(".txt") {
                let id = String(name.dropFirst(2).dropLast(4))
                if book.withLock({ $0.row(id: id) }) != nil {
                    return Response(
                        200, body: Body(Array(Transcript(recordingID: id).text.utf8)),
                        headers: [("Content-Type", "text/plain")])
                }
            }
            return Self.notFound("media-not-found", "The media \(name)")
        case .control, .unknown:
            return Self.notFound("not-found", "The resource")
        }
    }

    /// Nil when page, size or key are wrong.
    func paging(
        _ request: Request, _ place: Target.Place, _ configuration: Configuration
    ) -> Paging? {
        let total: Int
        let name: String
        switch place {
        case .calls:
            total =
                configuration.hasNoCalls ? 0 : book.withLock { $0.generated.callCount }
            name = "calls"
        case .mediaList:
            total = book.withLock { $0.count }
            name = "media"
        default:
            total = book.withLock { $0.count }
            name = "recordings"
        }
        let user = TextCoding.percentEncoded(configuration.userID)
        let isStill = walks.withLock { $0 } > configuration.movingWalks
        return Paging(
            request, resource: "\(base)/users/\(user)/\(name)", origin: origin, total: total,
            moving: isStill ? 0 : configuration.movingRows, configuration: configuration)
    }

    private func listing(
        _ request: Request, _ place: Target.Place, _ configuration: Configuration
    ) -> Response {
        if case .recordings = place, request.parameter("page") ?? "0" == "0",
            request.parameter("after") == nil
        {
            walks.withLock { $0 += 1 }
        }
        guard let paging = paging(request, place, configuration) else {
            return .failure(
                400, category: "bad-request", code: "invalid-parameter",
                message: "page or size is out of range")
        }
        let site = Site(origin: origin, user: configuration.userID)
        let book = book.withLock { $0 }
        var text = "["
        text.reserveCapacity(300 * paging.range.count)
        for position in paging.range {
            if position > paging.range.lowerBound { text += "," }
            switch place {
            case .calls:
                // In the order of the recordings.
                let plan = book.generated.plan
                let number = plan.newestFirst ? book.generated.callCount - position : position + 1
                text += call(number, account: site.account)
            case .mediaList: text += mediaEntry(book.row(at: position), account: site.account)
            default: book.row(at: position)?.appendJSON(to: &text, site: site)
            }
        }
        text += "]"
        var response = Response.json(200, text)
        response.headers += paging.links.map { ("Link", $0) }
        return response
    }

    private func mediaEntry(_ row: RecordingRow?, account: String) -> String {
        guard let row else { return "{}" }
        let name = TextCoding.percentEncoded(row.mediaName)
        return "{\"contentLength\":\(row.shape.size),\"mediaName\":"
            + JSONValue.quoted(row.mediaName) + ",\"content\":\"\(account)/media/\(name)\"}"
    }

    private func call(_ number: Int, account: String) -> String {
        let id = "c-" + GeneratedRecordings.padded(number)
        let hash = StableHash.mixed(UInt64(number) ^ 0xCA11)
        let row = book.withLock { book in
            let first = (number - 1) * max(1, book.generated.plan.recordingsPerCall) + 1
            let row = book.generated.row(first)
            return book.row(id: row.id) ?? row
        }
        let isActive = row.state == "recording"
        let end = isActive ? "" : "\"endTime\":\"\(DateText.iso8601(row.endTime))\","

        let far = "+1919\(5_550_000 + hash % 10_000)"
        let near = "+1919\(5_550_000 + (hash >> 32) % 10_000)"
        let isIncoming = hash & 1 == 0
        return "{\"activeTime\":\"\(DateText.iso8601(row.startTime))\",\"chargeableDuration\":60,"
            + "\"direction\":\"\(isIncoming ? "in" : "out")\",\(end)\"events\":\"\(account)/calls/\(id)/events\","
            + "\"from\":\"\(isIncoming ? far : near)\",\"id\":\"\(id)\","
            + "\"recordingEnabled\":true,\"recordingFileFormat\":\"wav\","
            + "\"recordings\":\"\(account)/calls/\(id)/recordings\","
            + "\"startTime\":\"\(DateText.iso8601(row.startTime - 4000))\","
            + "\"state\":\"\(isActive ? "active" : "completed")\","
            + "\"to\":\"\(isIncoming ? near : far)\"}"
    }
}
