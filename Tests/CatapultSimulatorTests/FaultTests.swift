import CatapultSimulator
import FoundationEssentials
import Testing

@Suite struct FaultTests {
    private func running(_ fault: String) throws -> Running {
        let running = try Running { $0.recordings.sizes = 300_000...300_000 }
        try running.simulator.setFault(fault)
        return running
    }

    @Test(arguments: [
        ("close-before-headers", RawResponse.End.closed, 0),
        ("reset", .reset, 0),
        ("reset-in-headers", .reset, 0),
        ("reset-in-body@0.5", .reset, 150_000),
        ("cut@0.6", .closed, 180_000),
        ("cut@1000", .closed, 1000),
        ("cut@0", .closed, 0),
        ("cut-unframed@60%", .closed, 180_000),
        ("cut-chunked@0.5", .closed, 150_000),
    ])
    func `a connection ends where it is told to`(
        fault: String, end: RawResponse.End, bytes: Int
    ) throws {
        let running = try running("media:r-000001:\(fault):first=1")
        let response = running.media("r-000001")
        #expect(response.end == end)
        #expect(response.body.count == bytes)
        let whole = try #require(running.simulator.expectedBytes("r-000001"))
        #expect(response.bytes == Bytes(Array(whole.prefix(bytes))))
        // The second request is left alone, and so was the count of whole bodies.
        #expect(running.media("r-000001").bytes == Bytes(whole))
        let log = running.simulator.log()
        #expect(log.map(\.bytes) == [Int64(bytes), 300_000])
        #expect(log.first?.fault == fault.split(separator: "@").first.map(String.init))
        #expect(log.last?.fault == nil)
        #expect(running.simulator.counts().media["c-000001-1.wav"]?.wholeBodies == 1)
    }

    @Test func `a half-closed connection still reads`() throws {
        let running = try running("media:half-close@100")
        let client = running.client()
        client.send("GET", "\(running.user)/media/c-000001-1.wav")
        let response = client.receive()
        #expect(response.end == .closed)
        #expect(response.body.count == 100)
        client.send("GET", "/")
        client.send("GET", "/")
        #expect(client.rest().end == .closed)
    }

    @Test func `a body is longer than declared`() throws {
        let running = try running("media:longer@77")
        let client = running.client()
        client.send("GET", "\(running.user)/media/c-000001-1.wav")
        #expect(client.receive().bytes == running.simulator.bytes("r-000001"))
        let rest = client.rest()
        #expect(rest.bytes.count == 77)
        #expect(rest.end == .closed)
    }

    @Test func `stalls hold before the header and in the body`() throws {
        let running = try running("media:r-000001:stall@1000:seconds=60")
        try running.simulator.setFault("media:r-000002:stall-before-headers@60")
        let client = running.client()
        client.setTimeout(1)
        client.send("GET", "\(running.user)/media/c-000001-1.wav")
        let begun = client.receive()
        #expect(begun.status == 200)
        #expect(begun.end == .timeout)
        #expect(begun.body.count == 1000)
        let other = running.client()
        other.setTimeout(0.5)
        other.send("GET", "\(running.user)/media/c-000002-1.wav")
        #expect(other.receive().raw.isEmpty)
        #expect(running.simulator.log().map(\.status) == [0, 0])
        // Returns at once: nobody sleeps through the end.
        running.simulator.stop()
    }

    @Test func `a short stall ends and the rest follows`() throws {
        let running = try running("media:stall@0.5:seconds=0.1")
        #expect(running.media("r-000001").bytes == running.simulator.bytes("r-000001"))
    }

    @Test func `bytes drip at their rate`() throws {
        let running = try running("media:drip@100")
        let client = running.client()
        client.setTimeout(5)
        client.send("GET", "\(running.user)/media/c-000001-1.wav")
        let clock = ContinuousClock()
        let start = clock.now
        let piece = client.receive(bodyAtLeast: 50)
        #expect(piece >= 50)
        #expect(clock.now - start > .milliseconds(300))
        running.simulator.stop()
    }

    @Test(arguments: [200, 400, 401, 403, 404, 410, 416, 429, 500, 502, 503, 504])
    func `a status is answered in four kinds of body`(status: Int) throws {
        let running = try Running()
        for (style, type) in [
            ("json", "application/json"), ("empty", nil), ("plain", "text/plain"),
            ("html", "text/html"),
        ] {
            running.simulator.clearFaults()
            try running.simulator.setFault("any:status=\(status):body=\(style):retry-after=7")
            let response = running.media("r-000001")
            #expect(response.status == status)
            #expect(response.header("content-type") == type)
            #expect(response.header("retry-after") == "7")
            #expect(response.end == .framed)
            #expect(response.body.isEmpty == (style == "empty"))
        }
    }

    @Test func `what is no audio arrives with 200`() throws {
        let running = try Running()
        try running.simulator.setFault("media:r-000001:html-200")
        try running.simulator.setFault("media:r-000002:json-200")
        try running.simulator.setFault("media:r-000003:empty-200")
        try running.simulator.setFault("media:r-000004:other-container")
        try running.simulator.setFault("media:r-000005:short-riff@0.5")
        let answers = (1...5).map { running.media("r-00000\($0)") }
        #expect(answers.allSatisfy { $0.status == 200 && $0.end == .framed })
        #expect(answers[0].text.hasPrefix("<!DOCTYPE html>"))
        #expect(answers[1].text.hasPrefix("{"))
        #expect(answers[2].body.isEmpty)
        #expect(answers[3].body.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        #expect(answers[3].header("content-type") == "audio/wav")
        #expect(answers[4].body.count == 8192)
        #expect(running.simulator.counts().media.values.allSatisfy { $0.wholeBodies == 0 })
    }

    @Test func `headers are garbage, oversized, or come after interim ones`() throws {
        let running = try Running()
        try running.simulator.setFault("media:r-000001:garbage-headers")
        try running.simulator.setFault("media:r-000002:oversized-headers@500000")
        try running.simulator.setFault("media:r-000003:interim-1xx")
        #expect(running.media("r-000001").raw.contains(0xFF))
        #expect(running.media("r-000002").raw.count > 500_000)
        let interim = running.media("r-000003")
        #expect(interim.raw.starts(with: Array("HTTP/1.1 100 Continue".utf8)))
        #expect(interim.status == 200)
        #expect(interim.bytes == running.simulator.bytes("r-000003"))
    }

    @Test func `gzip holds the file in stored blocks`() throws {
        let running = try running("media:gzip-unasked")
        let response = running.media("r-000001")
        #expect(response.header("content-encoding") == "gzip")
        let whole = try #require(running.simulator.expectedBytes("r-000001"))
        var unpacked: [UInt8] = []
        var index = 10
        var isLast = false
        while !isLast {
            isLast = response.body[index] == 1
            let length = Int(response.body[index + 1]) | Int(response.body[index + 2]) << 8
            unpacked += response.body[index + 5..<index + 5 + length]
            index += 5 + length
        }
        #expect(Bytes(unpacked) == Bytes(whole))
        #expect(response.body.count == index + 8)
    }

    @Test func `redirects lead where they are told to`() throws {
        let running = try Running()
        let origin = running.simulator.origin
        try running.simulator.setFault("media:r-000001:redirect=http://127.0.0.2:9/x:code=307")
        try running.simulator.setFault("media:r-000002:redirect-same")
        try running.simulator.setFault("media:r-000003:redirect-loop")
        try running.simulator.setFault("media:r-000004:redirect-downgrade")
        try running.simulator.setFault("media:r-000005:redirect=file:///etc/passwd")
        try running.simulator.setFault("media:r-000006:redirect={origin}{path}?redirected=1")
        #expect(running.media("r-000001").status == 307)
        #expect(running.media("r-000001").header("location") == "http://127.0.0.2:9/x")
        let path = "\(running.user)/media/c-000002-1.wav"
        #expect(running.media("r-000002").header("location") == "\(origin)\(path)?redirected=1")
        let arrived = running.get(path + "?redirected=1")
        #expect(arrived.bytes == running.simulator.bytes("r-000002"))
        let loop = "\(running.user)/media/c-000003-1.wav?redirected=1&hop="
        #expect(running.media("r-000003").header("location") == origin + loop + "1")
        #expect(running.get(loop + "1").header("location") == origin + loop + "2")
        #expect(running.media("r-000004").header("location")?.hasPrefix("http://") == true)
        #expect(running.media("r-000005").header("location") == "file:///etc/passwd")
        #expect(
            running.media("r-000006").header("location")
                == "\(origin)\(running.user)/media/c-000006-1.wav?redirected=1")
    }

    @Test func `ranges go wrong in every way`() throws {
        let running = try Running()
        let names = [
            "wrong-content-range-start@3", "wrong-content-range-total@9", "content-range-missing",
            "range-ignored", "etag-changes", "etag-only-changes", "weak-etag", "no-validators",
        ]
        let etag = try #require(running.media("r-000001").header("etag"))
        func ask(_ id: String) -> RawResponse {
            running.media(id, headers: ["Range: bytes=100-"])
        }
        for name in names {
            running.simulator.clearFaults()
            try running.simulator.setFault("media:r-000001:\(name)")
            let response = ask("r-000001")
            switch name {
            case "wrong-content-range-start@3":
                #expect(response.header("content-range") == "bytes 103-16383/16384")
                #expect(response.body.count == 16_281)
            case "wrong-content-range-total@9":
                #expect(response.header("content-range") == "bytes 100-16383/16393")
            case "content-range-missing":
                #expect(response.status == 206)
                #expect(response.header("content-range") == nil)
            case "range-ignored":
                #expect(response.status == 200)
                #expect(response.body.count == 16_384)
            case "etag-changes", "etag-only-changes":
                #expect(response.status == 206)
                #expect(response.header("etag") != etag)
            case "weak-etag": #expect(response.header("etag")?.hasPrefix("W/") == true)
            default: #expect(response.header("etag") == nil)
            }
        }
        running.simulator.clearFaults()
        // What etag-changes changed stays so, and If-Range sees it unless it is told not to.
        let headers = ["Range: bytes=100-", "If-Range: \(etag)"]
        #expect(running.media("r-000001", headers: headers).status == 200)
        try running.simulator.setFault("media:if-range-ignored")
        #expect(running.media("r-000001", headers: headers).status == 206)
    }

    @Test func `listings go wrong in every way`() throws {
        let running = try Running()
        func ask(_ fault: String) throws -> RawResponse {
            running.simulator.clearFaults()
            try running.simulator.setFault("recordings:1:\(fault)")
            #expect(running.get("\(running.user)/recordings").status == 200)
            return running.get("\(running.user)/recordings?page=1")
        }
        let right = running.get("\(running.user)/recordings?page=1").body
        #expect(throws: (any Error).self) { try running.ids(try ask("malformed-json")) }
        let cut = try ask("truncated-json")
        #expect(cut.end == .framed)
        #expect(right.starts(with: cut.body))
        #expect(cut.body.count == right.count / 2)
        #expect(try ask("html-200").text.contains("<html>"))
        #expect(String(validating: try ask("invalid-utf8").body, as: UTF8.self) == nil)
        #expect(try ask("deep-nesting@500").body.count == 1000)
        let twice = try running.ids(try ask("duplicate-ids"))
        #expect(twice.count == 50)
        #expect(Set(twice).count == 25)
        #expect(try ask("empty-page").text == "[]")
        #expect(try running.ids(try ask("huge@200000")).last == "r-huge")
        #expect(try ask("huge@200000").body.count > 200_000)
        let loop = try ask("next-loop").header("link")
        #expect(loop?.contains("\(running.user)/recordings?page=1>; rel=\"next\"") == true)
        #expect(try ask("next-other-origin").header("link")?.contains("localhost:") == true)
        let other = try ask("next-other-origin@https://evil.example:8/x").header("link")
        #expect(other == "<https://evil.example:8/x>; rel=\"next\"")
        #expect(try ask("status=503").status == 503)
    }

    @Test func `selectors choose among the requests`() throws {
        let running = try Running()
        func statuses(_ fault: String, _ count: Int, id: String = "r-000001") throws -> [Int] {
            running.simulator.clearFaults()
            try running.simulator.setFault(fault)
            return (0..<count).map { _ in running.media(id).status }
        }
        #expect(try statuses("media:status=500:first=2", 3) == [500, 500, 200])
        #expect(try statuses("media:status=500:nth=2", 3) == [200, 500, 200])
        #expect(try statuses("media:status=500:from=2", 3) == [200, 500, 500])
        #expect(try statuses("media:status=500:every=2", 4) == [200, 500, 200, 500])
        #expect(try statuses("media:r-00000*:status=500", 1) == [500])
        #expect(try statuses("media:c-000001-1.wav:status=500", 1) == [500])
        #expect(try statuses("media:r-000002:status=500", 1) == [200])
        #expect(try statuses("recordings:status=500", 1) == [200])
        #expect(try statuses("media:status=500:first=1:each", 2) == [500, 200])
        #expect(running.media("r-000002").status == 500)
        #expect(running.media("r-000002").status == 200)
        let some = try statuses("media:status=500:chance=0.5", 40)
        #expect(Set(some) == [200, 500])
        #expect(try statuses("media:status=500:chance=0.5", 40) == some)
    }

    @Test func `refused requests don't use up a fault`() throws {
        let running = try running("media:status=500:first=1")
        #expect(
            running.get("\(running.user)/media/c-000001-1.wav", authorization: nil).status == 401)
        #expect(running.media("r-000001").status == 500)
    }

    @Test(arguments: [
        "", "media", "disk:cut", "media:nothing", "media:cut@x", "media:status", "media:redirect",
        "media:cut:first=x", "media:html-200@3", "media:cut-handshake", "connection:cut",
        "media:cut@0.5:body=odd", "media:cut@0.5:nonsense", "media:cut:first=1:oops",
    ])
    func `a malformed fault is refused with its text`(text: String) {
        #expect(throws: SimulatorError.self) { try Fault(text) }
    }

    @Test func `subjects and URLs may hold colons`() throws {
        let fault = try Fault("media:a:b:redirect=http://h:1/x:y:code=301:first=2")
        #expect(fault.subject == "a:b")
        #expect(fault.text == "http://h:1/x:y")
        #expect(fault.code == 301)
        #expect(fault.first == 2)
    }
}

extension RawClient {
    /// Reads until this many bytes of body are there; their number.
    func receive(bodyAtLeast count: Int) -> Int {
        var bytes: [UInt8] = []
        while true {
            let more = some()
            if more.isEmpty { return 0 }
            bytes += more
            guard
                let end = bytes.indices.first(where: {
                    $0 >= 3 && bytes[$0] == 0x0A && bytes[$0 - 2] == 0x0A
                })
            else { continue }
            if bytes.count - end - 1 >= count { return bytes.count - end - 1 }
        }
    }
}
