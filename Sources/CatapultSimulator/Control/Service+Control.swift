internal import FoundationEssentials

extension Service {
    /// `/_control/…`: what tests change and ask while the simulator runs.
    func control(_ request: Request, _ words: [String]) -> Response {
        let isRead = request.method == "GET"
        switch (request.method, words.joined(separator: "/")) {
        case ("POST", "faults"): return addFaults(request.body)
        case ("DELETE", "faults"):
            faults.withLock { $0.clear() }
            return Response(204)
        case ("POST", "recordings"): return putRecordings(request.body)
        case ("POST", "recordings/remove"):
            return change(request) { id in book.withLock { $0.remove(id: id) } }
        case ("POST", "recordings/change-media"):
            return change(request) { id in book.withLock { $0.changeMedia(of: id) } }
        case ("POST", "recordings/remove-media"):
            return change(request) { id in book.withLock { $0.removeMedia(of: id) } }
        case ("POST", "credentials/revoke"), ("POST", "credentials/restore"):
            credentialsAreRevoked.withLock { $0 = words[1] == "revoke" }
            return Response(204)
        case ("POST", "rates"): return setRates(request.body)
        case ("DELETE", "log"):
            log.clear()
            return Response(204)
        case (_, "log") where isRead: return encoded(log.records())
        case (_, "stats") where isRead: return encoded(Stats(log.counts()))
        default: return Self.notFound("no-such-control", "\(request.method) \(request.path)")
        }
    }

    private func addFaults(_ body: [UInt8]) -> Response {
        do {
            let texts = try JSONDecoder().decode(OneOrMany<String>.self, from: Data(body)).values
            let rules = try texts.map { try Fault($0) }
            faults.withLock { book in
                for rule in rules { book.add(rule) }
            }
            return Response(204)
        } catch {
            return Self.invalid("\(error)")
        }
    }

    private func putRecordings(_ body: [UInt8]) -> Response {
        do {
            let patches = try JSONDecoder().decode(
                OneOrMany<RecordingPatch>.self, from: Data(body)
            ).values
            book.withLock { book in
                for patch in patches { book.put(patch) }
            }
            return Response(204)
        } catch {
            return Self.invalid("\(error)")
        }
    }

    /// Ids as a JSON string or an array of them; 404 names the ones that are unknown.
    private func change(_ request: Request, _ act: (String) -> Bool) -> Response {
        let decoder = JSONDecoder()
        guard let ids = try? decoder.decode(OneOrMany<String>.self, from: Data(request.body))
        else { return Self.invalid("an id, or an array of ids, is needed") }
        let unknown = ids.values.filter { !act($0) }
        return unknown.isEmpty
            ? Response(204)
            : Self.notFound("recording-not-found", unknown.joined(separator: ", "))
    }

    /// `{"media": {"requests": 20, "seconds": 1, "window": "sliding"}, "recordings": null}`
    private func setRates(_ body: [UInt8]) -> Response {
        do {
            let rates = try JSONDecoder().decode([String: Rate?].self, from: Data(body))
            for (name, rate) in rates {
                guard let family = EndpointFamily(rawValue: name) else {
                    return Self.invalid("no family is called \(name)")
                }
                let limit = rate.map { rate in
                    RateLimit(
                        requests: rate.requests, per: rate.seconds ?? 1,
                        window: rate.window.flatMap { RateLimit.Window(rawValue: $0) } ?? .fixed)
                }
                limiters.withLock { $0[family] = limit.map { RateLimiter(limit: $0) } }
            }
            return Response(204)
        } catch {
            return Self.invalid("\(error)")
        }
    }

    private func encoded(_ value: some Encodable) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return Response(500) }
        return Response(
            200, body: Body([UInt8](data)), headers: [("Content-Type", "application/json")])
    }

    private static func invalid(_ message: String) -> Response {
        .failure(400, category: "bad-request", code: "invalid-control", message: message)
    }
}

private struct Rate: Decodable {
    var requests: Int
    var seconds: Double?
    var window: String?
}

private struct Stats: Encodable {
    var media: [String: MediaCount]
    var families: [String: FamilyCount]

    init(_ counts: RequestCounts) {
        media = counts.media
        families = Dictionary(
            uniqueKeysWithValues: counts.families.map { ($0.key.rawValue, $0.value) })
    }
}

/// One value, or an array of them.
private struct OneOrMany<Value: Decodable>: Decodable {
    let values: [Value]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let values = try? container.decode([Value].self) {
            self.values = values
        } else {
            values = [try container.decode(Value.self)]
        }
    }
}
