extension Service {
    /// The refusal of a request that is over the limit, without rights, or for another account.
    func refusal(
        of request: Request, _ user: String?, _ configuration: Configuration,
        record: RequestRecord
    ) -> Response? {
        let now = WallClock.milliseconds()
        let granted: Int64? = limiters.withLock { limiters in
            limiters[record.family]?.admit(at: now)
        }
        if let granted {
            return Self.tooMany(until: granted + configuration.clockOffset, configuration)
        }
        let isOpen = configuration.mediaIsOpen && record.family == .media
        if isOpen { return nil }
        if record.authorization != .valid || credentialsAreRevoked.withLock({ $0 }) {
            var response = Response.failure(
                401, category: "authentication", code: "invalid-credentials",
                message: "The token or secret is wrong")
            response.set("WWW-Authenticate", "Basic realm=\"catapult\"")
            return response
        }
        if let user, user != configuration.userID {
            return .failure(
                403, category: "authorization", code: "user-access-denied",
                message: "The user is not allowed to access this resource",
                details: [("requestedUserId", user)])
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .failure(
                405, category: "bad-request", code: "method-not-allowed", message: nil)
        }
        return nil
    }

    /// How the request's credentials relate to the account's.
    func authorization(of request: Request) -> RequestRecord.Authorization {
        guard let header = request.header("authorization") else { return .none }
        guard header.lowercased().hasPrefix("basic ") else { return .malformed }
        let expected = settings.withLock {
            TextCoding.base64(Array("\($0.token):\($0.secret)".utf8))
        }
        return header.dropFirst(6) == expected ? .valid : .wrong
    }

    private static func tooMany(until reset: Int64, _ configuration: Configuration) -> Response {
        var response = Response.failure(
            429, category: "too-many-requests", code: "rate-limit-reached", message: nil,
            details: [("requestMethod", "GET"), ("remoteAddress", "127.0.0.1")])
        response.setReset(reset, in: configuration.resetUnit)
        return response
    }
}
