import Testing
import Transfer

/// Who may be asked for media, and who sees the credentials.
struct AccessPolicyTests {
    private static let named = [
        MediaHost(host: "media.example"), MediaHost(host: "cdn.example", port: 8443),
        MediaHost(host: "api.example", port: 81),
    ]

    private func admission(
        _ url: String, api: String = "https://api.example", from: String? = nil
    ) throws -> AccessPolicy.Admission {
        let policy = AccessPolicy(apiOrigin: try Origin(url: api), mediaHosts: Self.named)
        return policy.admission(of: try HTTPURL(url), from: try from.map { try HTTPURL($0) })
    }

    private func isRefused(_ admission: AccessPolicy.Admission) -> Bool {
        if case .refused = admission { true } else { false }
    }

    @Test(arguments: [
        "https://api.example/m", "https://API.EXAMPLE/m", "https://api.example:443/m",
    ])
    func `the API's own origin gets the credentials`(_ url: String) throws {
        #expect(try admission(url) == .withCredentials)
    }

    @Test(arguments: [
        "https://media.example/m", "https://MEDIA.example:443/m", "https://cdn.example:8443/m",
        "https://api.example:81/m",
    ])
    func `a named host is asked without them`(_ url: String) throws {
        #expect(try admission(url) == .withoutCredentials)
    }

    @Test(arguments: [
        "http://api.example/m", "http://media.example/m", "https://media.example:8443/m",
        "https://cdn.example/m", "https://other.example/m", "https://api.example./m",
        "https://api.example.evil.example/m", "https://evil.example/api.example",
        "https://127.0.0.1/m", "https://[::1]/m", "https://xmedia.example/m",
    ])
    func `all else is not asked`(_ url: String) throws {
        #expect(isRefused(try admission(url)))
    }

    @Test func `a refused host is named as --media-host takes it`() throws {
        let reason = "which is not the API's origin"
        #expect(
            try admission("https://[::1]:8443/m") == .refused("it lies on '[::1]:8443', \(reason)"))
        #expect(
            try admission("https://x.example/m") == .refused("it lies on 'x.example', \(reason)"))
    }

    @Test func `from https to http is no way, even to a host that is named`() throws {
        let from = "https://media.example/m"
        let plain = "http://media.example/m"
        #expect(try admission(plain, api: "http://api.example") == .withoutCredentials)
        #expect(isRefused(try admission(plain, api: "http://api.example", from: from)))
    }
}
