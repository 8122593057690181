import CallArchive
import CatapultSimulator
import Platform
import Testing
import Transfer

/// Media that come wrong in every way the wire knows, one recording of three.
struct FaultMatrixTests {
    private static let id = "r-000002"

    @Test(arguments: MediaFault.all)
    func `a fault of the wire ends as it must`(_ row: MediaFault) throws {
        let bench = try SyncBench(
            size: row.size, faults: row.faults.map { "media:\(Self.id):\($0)" }, row.change)
        let run = try bench.sync { $0.stallTimeout = .seconds(row.stallTimeout) }

        #expect(run.status(Self.id) == row.status)
        #expect(run.code(Self.id) == row.code)
        #expect(run.exit == row.exit)
        let statuses = bench.mediaRequests(of: Self.id).map(\.status)
        #expect(row.requests.contains(statuses.count), "\(statuses)")
        let served = bench.mediaRequests(of: Self.id).reduce(0) { $0 + $1.bytes }
        let whole = bench.simulator.media(of: Self.id).map(\.size) ?? 0
        let share = whole > 0 ? Double(served) / Double(whole) : 0
        // To the byte, but for what rounds off a place in the body.
        #expect(share >= row.served.lowerBound - 0.0001, "\(share)")
        #expect(share <= row.served.upperBound + MediaFault.littleMore, "\(share)")
        #expect(run.outcome.error == nil)
        #expect(run.outcome.listingComplete)
        #expect(run.outcome.newlyFailed == (row.status == .failed ? 1 : 0))
        // The others are none of its business.
        #expect(run.status("r-000001") == .archived)
        #expect(run.status("r-000003") == .archived)
        #expect(run.outcome.newlyArchived == run.archivedCount)
        #expect(bench.files().count == run.archivedCount)
        #expect(try bench.wrongFiles() == [])
        #expect(bench.parts().count == (row.leavesPart ? 1 : 0))
        #expect(run.log.failed.map(\.id) == (row.status == .archived ? [] : [Self.id]))

        // The fault gone, the next run brings what is still there.
        bench.simulator.clearFaults()
        bench.simulator.clearLog()
        let second = try bench.sync { $0.retryGone = true }
        #expect(second.archivedCount == 3)
        #expect(bench.mediaRequests(of: Self.id).isEmpty == (row.status == .archived))
        #expect(bench.mediaRequests(of: "r-000001").isEmpty)
        #expect(try bench.wrongFiles() == [])
        #expect(bench.parts() == [])
    }

    @Test func `a cut body is resumed, and only the rest is sent`() throws {
        let bench = try SyncBench(
            count: 1, size: 400 << 10, faults: ["media:r-000001:cut@0.6:first=1"])
        let size = Int64(try #require(bench.simulator.expectedBytes("r-000001")).count)
        let run = try bench.sync()
        #expect(run.status("r-000001") == .archived)
        let requests = bench.mediaRequests(of: "r-000001")
        try #require(requests.count == 2)
        #expect(requests[0].range == nil)
        #expect(requests[1].status == 206)
        let cut = Int64(Double(size) * 0.6)
        #expect(requests[1].range == "bytes=\(cut)-")
        #expect(requests[1].ifRange?.hasPrefix("\"") == true)
        #expect(requests[1].bytes == size - cut)
        #expect(try bench.wrongFiles() == [])
    }

    @Test func `a part is resumed by the next run, and only the rest is sent`() throws {
        let bench = try SyncBench(
            count: 1, size: 400 << 10, faults: ["media:r-000001:cut@0.6:first=1"])
        try bench.simulator.setFault("media:r-000001:status@500")
        let first = try bench.sync()
        #expect(first.status("r-000001") == .failed)
        #expect(bench.parts().count == 1)
        bench.simulator.clearFaults()
        bench.simulator.clearLog()
        let second = try bench.sync()
        #expect(second.status("r-000001") == .archived)
        let requests = bench.mediaRequests(of: "r-000001")
        #expect(requests.map(\.status) == [206])
        #expect(requests.first?.ifRange != nil)
        #expect(try bench.wrongFiles() == [])
    }

    @Test(arguments: Validators.allCases)
    func `media that change between two runs are never glued together`(
        _ validators: Validators
    ) throws {
        let bench = try SyncBench(
            count: 1, size: 400 << 10, faults: ["media:r-000001:cut@0.6:first=1"]
        ) { $0.validators = validators }
        try bench.simulator.setFault("media:r-000001:status@500")
        #expect(try bench.sync().status("r-000001") == .failed)
        bench.simulator.clearFaults()
        bench.simulator.changeMedia(of: "r-000001")
        let second = try bench.sync()
        #expect(second.status("r-000001") == .archived)
        #expect(second.entries["r-000001"]?.sha256 == bench.simulator.expectedSHA256("r-000001"))
        #expect(try bench.wrongFiles() == [])
    }

    @Test func `three refusals in a row end the run`() throws {
        let bench = try SyncBench(count: 12, faults: ["media:status@401"])
        let run = try bench.sync { $0.concurrency = 1 }
        #expect(run.outcome.error?.kind == .refused)
        #expect(run.exit == 4)
        #expect(run.outcome.newlyArchived == 0)
        let media = bench.simulator.log().filter { $0.family == .media }
        #expect(media.count == 3)
        #expect(bench.files() == [])
        bench.simulator.clearFaults()
        #expect(try bench.sync().archivedCount == 12)
    }

    @Test func `credentials revoked in mid-run end it, and nothing is lost`() throws {
        let bench = try SyncBench(count: 12, faults: ["media:status@401:from=5"])
        let run = try bench.sync { $0.concurrency = 1 }
        #expect(run.outcome.error?.kind == .refused)
        #expect(run.exit == 4)
        #expect(run.archivedCount == 4)
        #expect(try bench.wrongFiles() == [])
        bench.simulator.clearFaults()
        bench.simulator.clearLog()
        let second = try bench.sync()
        #expect(second.archivedCount == 12)
        #expect(second.outcome.error == nil)
        #expect(bench.simulator.log().count { $0.family == .media } == 8)
    }

    @Test func `a media host that is named is asked without credentials`() throws {
        let other = try SyncBench { $0.mediaIsOpen = true }
        let bench = try SyncBench(
            faults: ["media:r-000002:redirect@\(other.simulator.origin){path}"])
        let host = MediaHost(host: "127.0.0.1", port: Int(other.simulator.port))
        let run = try bench.sync { $0.mediaHosts = [host] }
        #expect(run.archivedCount == 3)
        #expect(try bench.wrongFiles() == [])
        #expect(other.simulator.log().map(\.authorization) == [.none])

        // Without the name it isn't asked at all.
        other.simulator.clearLog()
        let strict = try SyncBench(
            faults: ["media:r-000002:redirect@\(other.simulator.origin){path}"])
        #expect(try strict.sync().code("r-000002") == "redirect")
        #expect(other.simulator.log().isEmpty)
    }

    @Test func `a media URL on another origin is not asked for`() throws {
        let other = try SyncBench { $0.mediaIsOpen = true }
        let bench = try SyncBench()
        let media = "\(other.simulator.origin)/v1/users/u-simulated/media/c-000002-1.wav"
        bench.simulator.update(RecordingPatch(id: "r-000002", members: ["media": .string(media)]))
        let run = try bench.sync()
        #expect(run.status("r-000002") == .failed)
        #expect(run.code("r-000002") == "media-host")
        #expect(other.simulator.log().isEmpty)

        let host = MediaHost(host: "127.0.0.1", port: Int(other.simulator.port))
        #expect(try bench.sync { $0.mediaHosts = [host] }.archivedCount == 3)
        #expect(other.simulator.log().map(\.authorization) == [.none])
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/x.wav", "http://a@127.0.0.1/x", "//", "\n",
    ])
    func `a media URL that may not be asked is a failure`(_ media: String) throws {
        let bench = try SyncBench()
        bench.simulator.update(RecordingPatch(id: "r-000002", members: ["media": .string(media)]))
        let run = try bench.sync()
        #expect(run.status("r-000002") == .failed)
        #expect(["media-url", "media-host"].contains(run.code("r-000002")))
        #expect(run.archivedCount == 2)
    }

    @Test(arguments: [("127.0.0.1", "connect"), ("nonexistent.invalid", "resolve")])
    func `media behind a closed port, or a host without address, fail as connections`(
        host: String, code: String
    ) throws {
        let closed = try SyncBench()
        let port = Int(closed.simulator.port)
        closed.simulator.stop()
        let bench = try SyncBench()
        bench.simulator.update(
            RecordingPatch(
                id: "r-000002", members: ["media": .string("http://\(host):\(port)/x.wav")]))
        let run = try bench.sync { $0.mediaHosts = [MediaHost(host: host, port: port)] }
        #expect(run.status("r-000002") == .failed)
        #expect(run.code("r-000002") == code)
        #expect(run.entries["r-000002"]?.error?.attempts == 2)
        #expect(run.exit == 3)
        #expect(run.archivedCount == 2)
        #expect(run.outcome.error == nil)
        #expect(bench.parts() == [])
    }
}
