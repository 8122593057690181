import CatapultSimulator
import FoundationEssentials
import Glibc
import Testing

@Suite struct ProgramTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func `it prints its base URL, serves, logs, and ends cleanly`(signal: Int32) throws {
        let folder = Folder()
        let program = try Spawned(
            [
                Spawned.simulator, "--count=7", "--size", "2K", "--log", folder.path + "/log",
                "--fault", "media:r-000002:status=503:first=1", "--epoch", "1700000000000",
            ], environment: ["CATAPULT_SIMULATOR_SECRET=canary-4711"])
        let url = program.firstLine()
        #expect(url.hasPrefix("http://127.0.0.1:"))
        #expect(url.hasSuffix("/v1"))
        let port = try #require(UInt16(url.dropFirst(17).dropLast(3)))
        let right = "Basic dC1zaW11bGF0ZWQ6Y2FuYXJ5LTQ3MTE="
        let client = RawClient(port: port)
        for number in [1, 2, 2] {
            client.send(
                "GET", "/v1/users/u-simulated/media/c-00000\(number)-1.wav", authorization: right)
            #expect(client.receive().end == .framed)
        }
        client.send("GET", "/v1/users/u-simulated/recordings")
        #expect(client.receive().status == 401)
        kill(program.pid, signal)
        let (output, errors, status) = program.finish()
        #expect(output.isEmpty)
        #expect(errors.isEmpty)
        #expect(status == 0)
        let text = String(decoding: folder.read("log"), as: UTF8.self)
        #expect(!text.contains("canary"))
        #expect(!text.contains("Y2FuYXJ5"))
        let records = try text.split(separator: "\n").map {
            try JSONDecoder().decode(RequestRecord.self, from: Data($0.utf8))
        }
        #expect(records.map(\.status) == [200, 503, 200, 401])
        #expect(records.map(\.fault) == [nil, "status", nil, nil])
        #expect(records.map(\.bytes).first == 2048)
    }

    @Test func `help names every fault and option`() throws {
        let (output, errors, status) = try Spawned([Spawned.simulator, "--help"]).finish()
        #expect(status == 0)
        #expect(errors.isEmpty)
        for name in FaultName.allCases { #expect(output.contains("\n  \(name.rawValue) ")) }
        #expect(output.contains("--paging STYLE"))
        #expect(!output.contains("s-simulated\n\n\n"))
        let widest = output.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= 140)
    }

    @Test(arguments: [
        ["--nonsense"], ["--count"], ["--count", "x"], ["--paging", "odd"], ["--rate", "5"],
        ["--fault", "media:nothing"], ["--open-media=1"], ["stray"], ["--address", "0.0.0.0"],
        ["--tls-cert", "x"],
    ])
    func `wrong usage is told, with status 2`(arguments: [String]) throws {
        let (output, errors, status) = try Spawned([Spawned.simulator] + arguments).finish()
        #expect(status == 2)
        #expect(output.isEmpty)
        #expect(errors.hasPrefix("catapult-simulator: "))
    }

    @Test func `it speaks TLS, and breaks it when asked`() throws {
        let folder = Folder()
        let key = folder.path + "/key.pem"
        let certificate = folder.path + "/cert.pem"
        let made = try Spawned([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ]).finish()
        try #require(made.status == 0)
        let running = try Running {
            $0.tlsCertificate = certificate
            $0.tlsKey = key
        }
        let simulator = running.simulator
        #expect(simulator.baseURL.hasPrefix("https://127.0.0.1:"))
        let url = "\(simulator.baseURL)/users/u-simulated/media/c-000001-1.wav"
        func fetch() throws -> Int32 {
            try Spawned([
                "curl", "-s", "--cacert", certificate, "-o", folder.path + "/a.wav", "-H",
                "Authorization: \(RawClient.credentials)", url,
            ]).finish().status
        }
        #expect(try fetch() == 0)
        #expect(Bytes(folder.read("a.wav")) == simulator.bytes("r-000001"))
        let sum = try Spawned(["sha256sum", folder.path + "/a.wav"]).finish().output
        #expect(sum.hasPrefix(try #require(simulator.expectedSHA256("r-000001")) + " "))
        try simulator.setFault("connection:cut-handshake:first=1")
        #expect(try fetch() == 35)
        #expect(try fetch() == 0)
        // 18: fewer bytes than Content-Length; 56: the session's end was not announced.
        try simulator.setFault("media:cut@0.5:first=1")
        #expect([18, 56].contains(try fetch()))
        try simulator.setFault("media:reset-in-body@0.5:nth=1")
        #expect(try fetch() == 56)
        #expect(throws: SimulatorError.self) {
            try Running {
                $0.tlsCertificate = key
                $0.tlsKey = certificate
            }
        }
    }

    @Test func `it serves on IPv6 too`() throws {
        let running = try Running { $0.address = "::1" }
        let base = running.simulator.baseURL
        #expect(base == "http://[::1]:\(running.simulator.port)/v1")
        let (output, _, status) = try Spawned([
            "curl", "-s", "-H", "Authorization: \(RawClient.credentials)",
            "\(base)/users/u-simulated/recordings?size=1",
        ]).finish()
        #expect(status == 0)
        #expect(output.contains("\"media\":\"\(base)/users/u-simulated/media/c-000001-1.wav\""))
    }
}
