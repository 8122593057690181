import CatapultSimulator
import Testing

/// Several rules and switches at once, as the tests of a client use them.
@Suite struct ScenarioTests {
    @Test func `a cut file is continued by range, and the parts make the whole`() throws {
        let running = try Running { $0.recordings.sizes = 1_000_000...1_000_000 }
        try running.simulator.setFault("media:cut@0.6:first=1:each")
        let first = running.media("r-000001")
        #expect(first.body.count == 600_000)
        let etag = try #require(first.header("etag"))
        let rest = running.media(
            "r-000001", headers: ["Range: bytes=600000-", "If-Range: \(etag)"])
        #expect(rest.status == 206)
        #expect(rest.body.count == 400_000)
        #expect(Bytes(first.body + rest.body) == running.simulator.bytes("r-000001"))
        let count = try #require(running.simulator.counts().media["c-000001-1.wav"])
        #expect(count == MediaCount(requests: 2, bytes: 1_000_000, wholeBodies: 0))
    }

    @Test func `a media that changes between halves must not be glued`() throws {
        let running = try Running()
        try running.simulator.setFault("media:cut@0.5:first=1")
        try running.simulator.setFault("media:etag-changes:nth=2")
        let first = running.media("r-000001")
        let etag = try #require(first.header("etag"))
        let headers = ["Range: bytes=8192-", "If-Range: \(etag)"]
        let second = running.media("r-000001", headers: headers)
        #expect(second.status == 200)
        #expect(second.bytes == running.simulator.bytes("r-000001"))
        #expect(Bytes(Array(second.body.prefix(8192))) != first.bytes)
        // The header of the file is the same, so only content tells.
        #expect(Array(second.body.prefix(44)) == Array(first.body.prefix(44)))
    }

    @Test func `credentials end in mid-run by a fault`() throws {
        let running = try Running()
        try running.simulator.setFault("any:status=401:from=3")
        let statuses = (1...4).map { running.media("r-00000\($0)").status }
        #expect(statuses == [200, 200, 401, 401])
    }

    @Test func `another origin serves the same media, and sees who brings credentials`() throws {
        let other = try Running { $0.mediaIsOpen = true }
        let running = try Running()
        try running.simulator.setFault("media:redirect=\(other.simulator.origin){path}")
        let location = try #require(running.media("r-000005").header("location"))
        #expect(location == "\(other.simulator.origin)\(running.user)/media/c-000005-1.wav")
        let path = location.replacing(other.simulator.origin, with: "")
        let arrived = other.get(path, authorization: nil)
        #expect(arrived.bytes == running.simulator.bytes("r-000005"))
        #expect(other.simulator.log().map(\.authorization) == [.none])
    }

    @Test func `rows arrive at the head while a walk is on`() throws {
        let running = try Running { $0.recordings.newestFirst = true }
        let first = try running.ids(running.get("\(running.user)/recordings?size=10"))
        #expect(first.first == "r-000100")
        running.simulator.update(
            RecordingPatch(id: "new-1", head: true), RecordingPatch(id: "new-2", head: true))
        let second = try running.ids(running.get("\(running.user)/recordings?size=10&page=1"))
        #expect(second.prefix(3) == ["r-000092", "r-000091", "r-000090"])
        let again = try running.ids(running.get("\(running.user)/recordings?size=10"))
        #expect(again.prefix(3) == ["new-2", "new-1", "r-000100"])
    }

    @Test func `a client that keeps to the rate is never refused`() throws {
        let running = try Running {
            $0.rates = [.media: RateLimit(requests: 20, per: 60, window: .sliding)]
        }
        let statuses = (0..<20).map { _ in running.media("r-000001").status }
        #expect(statuses.allSatisfy { $0 == 200 })
        #expect(running.media("r-000001").status == 429)
    }

    @Test func `an outage ends and is counted`() throws {
        let running = try Running()
        try running.simulator.setFault("media:close-before-headers:first=3")
        let statuses = (0..<5).map { _ in running.media("r-000001").status }
        #expect(statuses == [0, 0, 0, 200, 200])
        #expect(running.simulator.counts().families[.media]?.statuses == ["0": 3, "200": 2])
    }
}
