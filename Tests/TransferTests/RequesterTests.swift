import CatapultSimulator
import FoundationEssentials
import Platform
import Testing

@testable import Transfer

/// Requests over real sockets, as the lister makes them.
struct RequesterTests {
    private static let credentials = Credentials(
        token: Secret("t-simulated"), secret: Secret("s-simulated"))

    private final class Running {
        let simulator: Simulator
        var listing: String { simulator.baseURL + "/users/u-simulated/recordings?size=10" }

        init(_ faults: [String] = [], _ change: (inout Configuration) -> Void = { _ in }) throws {
            var configuration = Configuration()
            configuration.recordings = RecordingPlan(count: 5)
            change(&configuration)
            simulator = try Simulator(configuration: configuration)
            try simulator.start()
            for fault in faults { try simulator.setFault(fault) }
        }

        deinit { simulator.stop() }
    }

    private func get(
        _ url: String, limit: Int = 1 << 20, caFile: String? = nil,
        _ change: (inout TransferRequest) -> Void = { _ in }
    ) throws -> Response {
        var options = TransferOptions()
        options.stallTimeout = .seconds(1)
        options.connectTimeout = .seconds(5)
        options.caFile = caFile
        let requester = try Requester(options: options)
        defer { requester.close() }
        var request = TransferRequest(
            url: try HTTPURL(url), credentials: Self.credentials)
        change(&request)
        return try requester.perform(request, limit: limit)
    }

    private func kind(_ url: String, limit: Int = 1 << 20, caFile: String? = nil)
        -> TransferError.Kind?
    {
        do {
            _ = try get(url, limit: limit, caFile: caFile)
            return nil
        } catch {
            return (error as? TransferError)?.kind
        }
    }

    @Test func `a body is sent by POST, and the next request is a GET again`() throws {
        let running = try Running()
        let requester = try Requester(options: TransferOptions())
        defer { requester.close() }
        var post = TransferRequest(
            url: try HTTPURL(running.simulator.origin + "/_control/recordings/remove"))
        post.body = Array(#"["r-000001", "r-000002"]"#.utf8)
        post.headers = ["Content-Type: application/json"]
        #expect(try requester.perform(post, limit: 1 << 20).head.status == 204)
        #expect(running.simulator.recordingCount == 3)
        let get = TransferRequest(
            url: try HTTPURL(running.listing), credentials: Self.credentials)
        #expect(try requester.perform(get, limit: 1 << 20).head.status == 200)
        post.body = []
        #expect(try requester.perform(post, limit: 1 << 20).head.status == 400)
        #expect(running.simulator.recordingCount == 3)
        #expect(running.simulator.log().last { $0.family == .recordings }?.method == "GET")
    }

    @Test func `a response comes with its head and all of its body`() throws {
        let running = try Running()
        let response = try get(running.listing) { $0.headers = ["X-Test: 1"] }
        #expect(response.head.status == 200)
        #expect(response.head.contentLength == Int64(response.body.count))
        #expect(response.body.first == UInt8(ascii: "["))
        let record = try #require(running.simulator.log().first)
        #expect(record.authorization == .valid)
        #expect(record.acceptEncoding == nil)
    }

    @Test func `credentials are sent only when they are given`() throws {
        let running = try Running()
        let response = try get(running.listing) { $0.credentials = nil }
        #expect(response.head.status == 401)
        #expect(running.simulator.log().map(\.authorization) == [.none])
    }

    @Test func `one connection serves many requests, and forgets credentials between them`() throws
    {
        let running = try Running()
        let requester = try Requester(options: TransferOptions())
        defer { requester.close() }
        for number in 0..<6 {
            let isOpen = number % 2 == 0
            let request = TransferRequest(
                url: try HTTPURL(running.listing), credentials: isOpen ? Self.credentials : nil)
            let response = try requester.perform(request, limit: 1 << 20)
            #expect(response.head.status == (isOpen ? 200 : 401))
        }
        #expect(running.simulator.connectionCount == 1)
    }

    @Test func `a target goes out as it was given, or as libcurl mends it`() throws {
        let running = try Running()
        let origin = running.simulator.origin
        let requester = try Requester(options: TransferOptions())
        defer { requester.close() }
        let targets = [
            ("/v1/users/a%2Fb%7e/x", "/v1/users/a%2Fb%7e/x", ""),
            ("/v1/it's~(here)|{}", "/v1/it's~(here)|{}", ""),
            ("/v1/a?next=/b&sig=%2b%2F==", "/v1/a", "next=/b&sig=%2b%2F=="),
            ("/v1/a.b/c..d/e.wav", "/v1/a.b/c..d/e.wav", ""),
            ("/v1/a?", "/v1/a", ""), ("/", "/", ""),
            ("/v1/a/./b/../c", "/v1/a/c", ""), ("/v1/.hidden", "/v1/.hidden", ""),
            ("/v1/\u{FC}", "/v1/%c3%bc", ""), ("", "/", ""), ("?q=1", "/", "q=1"),
            ("/v1/plain/again", "/v1/plain/again", ""),
        ]
        for (target, path, query) in targets {
            let request = TransferRequest(url: try HTTPURL(origin + target))
            _ = try requester.perform(request, limit: 1 << 20)
            let record = try #require(running.simulator.log().last)
            #expect(record.path.lowercased() == path.lowercased(), "\(target)")
            #expect(record.query == query, "\(target)")
            #expect(record.host == String(origin.dropFirst(7)))
            if !path.contains("%c3") { #expect(record.path == path) }
        }
        #expect(running.simulator.connectionCount == 1)
    }

    @Test func `two sites in turn are each asked for their own, with credentials for one`() throws {
        let first = try Running()
        let second = try Running()
        let requester = try Requester(options: TransferOptions())
        defer { requester.close() }
        for number in 0..<8 {
            let running = number % 2 == 0 ? first : second
            // Some by their parts, some by their text.
            let url = try HTTPURL(running.listing + (number % 3 == 0 ? "&x=/../y" : ""))
            var request = TransferRequest(
                url: url, credentials: running === first ? Self.credentials : nil)
            if number > 3 { request.headers = ["X-Number: \(number)"] }
            let answer = try requester.perform(request, limit: 1 << 20)
            #expect(answer.head.status == (running === first ? 200 : 401))
        }
        #expect(first.simulator.log().map(\.authorization) == [.valid, .valid, .valid, .valid])
        #expect(second.simulator.log().map(\.authorization) == [.none, .none, .none, .none])
        for running in [first, second] {
            #expect(running.simulator.connectionCount == 1)
            #expect(running.simulator.log().allSatisfy { $0.userAgent == "callarchive" })
        }
    }

    @Test func `libcurl takes its blocks from those that are kept`() throws {
        let running = try Running()
        _ = try get(running.listing)
        #expect(CurlMemory.buffers.most > 0)
        #expect(CurlMemory.states.most > 0)
    }

    @Test func `a connection that died meanwhile is made anew, for the same target`() throws {
        let running = try Running()
        let requester = try Requester(options: TransferOptions())
        defer { requester.close() }
        let request = TransferRequest(
            url: try HTTPURL(running.listing), credentials: Self.credentials)
        #expect(try requester.perform(request, limit: 1 << 20).head.status == 200)
        // Seen by libcurl only when it has sent its request, or not at all.
        try running.simulator.setFault("recordings:close-before-headers:nth=1")
        #expect(try requester.perform(request, limit: 1 << 20).head.status == 200)
        let records = running.simulator.log()
        #expect(Set(records.map(\.path)).count == 1 && Set(records.map(\.query)).count == 1)
        #expect(records.allSatisfy { $0.authorization == .valid })
        #expect(records.count == 3 && running.simulator.connectionCount == 2)
    }

    @Test(arguments: [
        "http://[::1]:8080/x", "https://host.example", "https://HOST.example:443/a?b",
        "http://127.0.0.1/", "https://a_b.example./",
    ])
    func `a site is told from its URL`(_ text: String) throws {
        let url = try HTTPURL(text)
        let site = try #require(CurlSite(of: url))
        #expect(site.origin == url.origin)
        #expect(try HTTPURL(site.text).origin == url.origin)
    }

    @Test func `the text of other letters makes the right credentials`() {
        let credentials = Credentials(token: Secret("t-\u{E9}"), secret: Secret("a:b\u{20AC}"))
        #expect(credentials.basic.reveal() == "Basic dC3DqTphOmLigqw=")
        #expect("\(credentials.basic)" == "[redacted]")
    }

    @Test func `compression is undone when it was asked for, and left alone when not`() throws {
        let running = try Running(["recordings:gzip-unasked"])
        let plain = try get(running.listing) { $0.acceptsCompression = true }
        #expect(plain.body.first == UInt8(ascii: "["))
        let packed = try get(running.listing)
        #expect(packed.body.starts(with: [0x1F, 0x8B]))
    }

    @Test func `interim responses are not the answer`() throws {
        let running = try Running(["recordings:interim-1xx"])
        let response = try get(running.listing)
        #expect(response.head.status == 200)
        #expect(response.head.first("etag") == nil)
        #expect(response.head.contentLength == Int64(response.body.count))
    }

    @Test func `a redirect is handed out, not followed`() throws {
        let running = try Running(["recordings:redirect@http://127.0.0.1:1/"])
        let response = try get(running.listing)
        #expect(response.head.status == 302)
        #expect(response.head.first("location") == "http://127.0.0.1:1/")
    }

    @Test(arguments: [
        ("stall-before-headers", TransferError.Kind.stall), ("stall@0.5", .stall),
        ("cut@0.5", .cut), ("cut-chunked@0.5", .cut), ("close-before-headers", .cut),
        ("reset", .cut), ("reset-in-headers", .cut), ("reset-in-body@0.5", .cut),
        ("oversized-headers", .oversizedHeaders),
    ])
    func `each fault has its kind`(_ fault: String, _ expected: TransferError.Kind) throws {
        let running = try Running(["recordings:\(fault)"])
        #expect(kind(running.listing) == expected)
    }

    @Test func `a body that is slow but moves is no stall`() throws {
        let running = try Running(["recordings:drip@400"]) {
            $0.recordings = RecordingPlan(count: 3)
        }
        let response = try get(running.listing)
        #expect(response.head.contentLength == Int64(response.body.count))
    }

    @Test func `a body beyond the limit is turned down`() throws {
        let running = try Running()
        #expect(kind(running.listing, limit: 100) == .malformed)
    }

    @Test func `nobody there, no such host, no such protocol`() throws {
        let running = try Running()
        running.simulator.stop()
        #expect(kind(running.listing) == .connect)
        #expect(kind("http://nonexistent.invalid/") == .resolve)
        #expect(throws: InvalidURL.self) { try get("file:///etc/passwd") }
        #expect(throws: InvalidURL.self) { try get("ftp://127.0.0.1/") }
    }

    /// libcurl keeps the buffer of a transfer that found no host, and refuses another size for it.
    @Test func `large and small ones follow each other, also where a host isn't found`() throws {
        let running = try Running()
        let requester = try Requester(options: TransferOptions())
        defer { requester.close() }
        for step in 0..<8 {
            let isFound = step % 3 != 0
            var request = TransferRequest(
                url: try HTTPURL(isFound ? running.listing : "http://nonexistent.invalid/"),
                credentials: isFound ? Self.credentials : nil)
            request.isLarge = step % 2 == 0
            if isFound {
                #expect(try requester.perform(request, limit: 1 << 20).head.status == 200)
            } else {
                #expect {
                    try requester.perform(request, limit: 1 << 20)
                } throws: {
                    ($0 as? TransferError)?.kind == .resolve
                }
            }
        }
    }

    /// A handle is used for one transfer after another: of the last one nothing may be left.
    @Test func `however a transfer ended, the next one is itself`() throws {
        let running = try Running()
        var options = TransferOptions()
        options.stallTimeout = .seconds(1)
        let requester = try Requester(options: options)
        defer { requester.close() }
        let request = TransferRequest(
            url: try HTTPURL(running.listing), credentials: Self.credentials)
        let steps: [(fault: String?, limit: Int, kind: TransferError.Kind?)] = [
            ("oversized-headers", 1 << 20, .oversizedHeaders), (nil, 1 << 20, nil),
            (nil, 100, .malformed), (nil, 1 << 20, nil), ("stall@0.5", 1 << 20, .stall),
            ("cut@0.5", 1 << 20, .cut), (nil, 100, .malformed),
            ("stall-before-headers", 1 << 20, .stall), (nil, 1 << 20, nil),
        ]
        var bodies: Set<[UInt8]> = []
        for (number, step) in steps.enumerated() {
            running.simulator.clearFaults()
            if let fault = step.fault { try running.simulator.setFault("recordings:\(fault)") }
            var kind: TransferError.Kind?
            do {
                let response = try requester.perform(request, limit: step.limit)
                #expect(response.head.status == 200)
                bodies.insert(response.body)
            } catch {
                kind = error.kind
            }
            #expect(kind == step.kind, "step \(number)")
        }
        #expect(bodies.count == 1)
    }

    @Test func `a closed requester answers at once`() throws {
        let requester = try Requester(options: TransferOptions())
        requester.close()
        let error = #expect(throws: TransferError.self) {
            try requester.perform(
                TransferRequest(url: HTTPURL("http://127.0.0.1:1/")), limit: 1)
        }
        #expect(error?.kind == .interrupted)
    }

    @Test func `certificates are checked against the authority given, and only that`() throws {
        let certificates = try Certificates()
        let running = try Running {
            $0.tlsCertificate = certificates.certificate
            $0.tlsKey = certificates.key
        }
        #expect(running.listing.hasPrefix("https://"))
        #expect(kind(running.listing) == .certificate)
        #expect(try get(running.listing, caFile: certificates.authority).head.status == 200)
        let stranger = try Certificates()
        #expect(kind(running.listing, caFile: stranger.authority) == .certificate)
        #expect(kind(running.listing, caFile: certificates.folder + "/none.pem") == .caFile)
        try Data("nonsense".utf8).write(to: URL(filePath: certificates.folder + "/bad.pem"))
        #expect(kind(running.listing, caFile: certificates.folder + "/bad.pem") == .caFile)
    }

    @Test func `a certificate for another host is refused`() throws {
        let certificates = try Certificates(name: "DNS:other.example")
        let running = try Running {
            $0.tlsCertificate = certificates.certificate
            $0.tlsKey = certificates.key
        }
        #expect(kind(running.listing, caFile: certificates.authority) == .certificate)
    }

    @Test func `a handshake that is cut may pass`() throws {
        let certificates = try Certificates()
        let running = try Running(["connection:cut-handshake"]) {
            $0.tlsCertificate = certificates.certificate
            $0.tlsKey = certificates.key
        }
        let kind = kind(running.listing, caFile: certificates.authority)
        #expect(kind == .tls || kind == .cut)
    }
}
