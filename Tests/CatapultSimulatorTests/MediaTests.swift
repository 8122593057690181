import CatapultSimulator
import Testing

@Suite struct MediaTests {
    @Test(arguments: AudioKind.allCases)
    func `any range equals that part of the whole`(kind: AudioKind) throws {
        let running = try Running {
            $0.recordings.kinds = [kind: 1]
            $0.recordings.sizes = 30_000...30_000
        }
        let whole = running.media("r-000007").body
        #expect(Bytes(whole) == running.simulator.bytes("r-000007"))
        let content = try #require(running.simulator.media(of: "r-000007"))
        #expect(whole.count == Int(content.size))
        for start in stride(from: 0, to: whole.count, by: 997) {
            let end = min(start + 4500, whole.count)
            #expect(content.bytes(Int64(start)..<Int64(end)) == Array(whole[start..<end]))
        }
    }

    @Test func `equal plans give equal bytes, other recordings and versions give others`() throws {
        let one = try Running()
        let two = try Running()
        let bytes = try #require(one.simulator.expectedBytes("r-000001"))
        #expect(two.simulator.bytes("r-000001") == Bytes(bytes))
        let other = try #require(one.simulator.expectedBytes("r-000002"))
        // After the header nothing repeats, wherever one looks.
        for start in stride(from: 44, to: 16_000, by: 4096) {
            #expect(bytes[start..<start + 16] != other[start..<start + 16])
        }
        #expect(one.simulator.changeMedia(of: "r-000001"))
        #expect(one.simulator.bytes("r-000001") != Bytes(bytes))
    }

    @Test func `the digest in hexadecimal is that of the bytes`() throws {
        let running = try Running {
            $0.digests = [.reprDigest, .contentMD5, .digest, .contentDigest]
        }
        let sum = try #require(running.simulator.expectedSHA256("r-000001"))
        #expect(sum.utf8.count == 64)
        let whole = running.media("r-000001")
        let part = running.media("r-000001", headers: ["Range: bytes=0-99"])
        #expect(whole.header("repr-digest") == part.header("repr-digest"))
        #expect(whole.header("content-digest") != part.header("content-digest"))
        #expect(whole.header("content-md5") != part.header("content-md5"))
        let right = whole.header("digest")
        running.simulator.reconfigure { $0.digestsAreWrong = true }
        #expect(running.media("r-000001").header("digest") != right)
    }

    @Test func `ranges are answered as RFC 9110 wants`() throws {
        let running = try Running()
        let whole = try #require(running.simulator.expectedBytes("r-000001"))
        let size = whole.count
        func ask(_ range: String) -> (Int, String?, Int) {
            let response = running.media("r-000001", headers: ["Range: \(range)"])
            return (response.status, response.header("content-range"), response.body.count)
        }
        #expect(ask("bytes=100-199") == (206, "bytes 100-199/\(size)", 100))
        #expect(ask("bytes=\(size - 1)-") == (206, "bytes \(size - 1)-\(size - 1)/\(size)", 1))
        #expect(ask("bytes=-10") == (206, "bytes \(size - 10)-\(size - 1)/\(size)", 10))
        #expect(ask("bytes=0-\(size * 2)") == (206, "bytes 0-\(size - 1)/\(size)", size))
        #expect(ask("bytes=\(size)-").0 == 416)
        #expect(ask("bytes=\(size)-").1 == "bytes */\(size)")
        #expect(ask("bytes=5-1") == (200, nil, size))
        #expect(ask("bytes=0-1,5-6") == (200, nil, size))
        #expect(ask("lines=0-1") == (200, nil, size))
        running.simulator.reconfigure { $0.serveRanges = false }
        #expect(ask("bytes=100-199") == (200, nil, size))
        #expect(running.media("r-000001").header("accept-ranges") == nil)
    }

    @Test func `If-Range continues only what has not changed`() throws {
        let running = try Running()
        let etag = try #require(running.media("r-000001").header("etag"))
        #expect(etag.hasPrefix("\""))
        let headers = ["Range: bytes=100-", "If-Range: \(etag)"]
        #expect(running.media("r-000001", headers: headers).status == 206)
        running.simulator.changeMedia(of: "r-000001")
        let changed = running.media("r-000001", headers: headers)
        #expect(changed.status == 200)
        #expect(changed.header("etag") != etag)
        #expect(changed.bytes == running.simulator.bytes("r-000001"))
        running.simulator.reconfigure { $0.honourIfRange = false }
        #expect(running.media("r-000001", headers: headers).status == 206)
    }

    @Test(arguments: Validators.allCases)
    func `validators are what was asked for`(validators: Validators) throws {
        let running = try Running { $0.validators = validators }
        let response = running.media("r-000001")
        #expect((response.header("etag") != nil) == [.strong, .weak].contains(validators))
        #expect((response.header("last-modified") != nil) == (validators != .none))
        #expect(response.header("etag")?.hasPrefix("W/") != (validators == .strong))
    }

    @Test(arguments: Framing.allCases)
    func `every framing carries the whole body`(framing: Framing) throws {
        let running = try Running {
            $0.framing = framing
            $0.recordings.sizes = 400_000...400_000
        }
        let response = running.media("r-000001")
        #expect(response.bytes == running.simulator.bytes("r-000001"))
        #expect(response.end == (framing == .close ? .closed : .framed))
        #expect((response.header("content-length") != nil) == (framing == .length))
    }

    @Test func `a file of 256 MiB is not built to answer a range near its end`() throws {
        let running = try Running { $0.recordings.sizes = 268_435_456...268_435_456 }
        let response = running.media("r-000001", headers: ["Range: bytes=268435000-"])
        #expect(response.header("content-range") == "bytes 268435000-268435455/268435456")
        let content = try #require(running.simulator.media(of: "r-000001"))
        #expect(response.bytes == Bytes(content.bytes(268_435_000..<268_435_456)))
    }

    @Test func `several requests share one connection`() throws {
        let running = try Running()
        let client = running.client()
        for number in 1...5 {
            client.send("GET", "\(running.user)/media/c-00000\(number)-1.wav")
            let response = client.receive()
            #expect(response.end == .framed)
            #expect(response.bytes == running.simulator.bytes("r-00000\(number)"))
        }
        client.send("HEAD", "\(running.user)/media/c-000001-1.wav")
        #expect(client.receive(head: true).header("content-length") == "16384")
        #expect(Set(running.simulator.log().map(\.connection)).count == 1)
        #expect(running.simulator.connectionCount == 1)
    }

    @Test func `counts tell bytes and whole bodies of each media`() throws {
        let running = try Running()
        _ = running.media("r-000001")
        _ = running.media("r-000001", headers: ["Range: bytes=0-9"])
        let counts = running.simulator.counts()
        #expect(
            counts.media["c-000001-1.wav"]
                == MediaCount(requests: 2, bytes: 16_394, wholeBodies: 1))
        #expect(counts.families[.media]?.statuses == ["200": 1, "206": 1])
        running.simulator.clearLog()
        #expect(running.simulator.counts().media.isEmpty)
        #expect(running.simulator.log().isEmpty)
    }
}

extension MediaCount {
    init(requests: Int, bytes: Int64, wholeBodies: Int) {
        self.init()
        self.requests = requests
        self.bytes = bytes
        self.wholeBodies = wholeBodies
    }
}
