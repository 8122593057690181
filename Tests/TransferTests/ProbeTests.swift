import CatapultSimulator
import Platform
import Testing
import Transfer

struct ProbeTests {
    private func simulator(_ certificates: Certificates? = nil) throws -> Simulator {
        var configuration = Configuration()
        configuration.recordings = RecordingPlan(count: 1)
        configuration.tlsCertificate = certificates?.certificate
        configuration.tlsKey = certificates?.key
        let simulator = try Simulator(configuration: configuration)
        try simulator.start()
        return simulator
    }

    private func listing(_ simulator: Simulator) -> String {
        simulator.baseURL + "/users/u-simulated/recordings?size=1"
    }

    private func probe(_ url: String, caFile: String? = nil) throws -> Probe {
        var options = TransferOptions()
        options.caFile = caFile
        return try Probe.perform(
            TransferRequest(
                url: HTTPURL(url),
                credentials: Credentials(
                    token: Secret("t-simulated"), secret: Secret("s-simulated"))),
            options: options, limit: 1 << 20)
    }

    @Test func `a probe tells the address, and when the certificate expires`() throws {
        let certificates = try Certificates()
        let running = try simulator(certificates)
        defer { running.stop() }
        let probe = try probe(listing(running), caFile: certificates.authority)
        #expect(try probe.answer.get().head.status == 200)
        #expect(probe.address == "127.0.0.1")
        let expiry = try #require(probe.certificateExpiry)
        let days = (expiry.milliseconds - Timestamp.now().milliseconds) / 86_400_000
        #expect((0...400).contains(days))
    }

    @Test func `without TLS there is no certificate, without an answer an error`() throws {
        let running = try simulator()
        defer { running.stop() }
        let plain = try probe(listing(running))
        #expect(try plain.answer.get().head.status == 200)
        #expect(plain.certificateExpiry == nil)
        #expect(throws: TransferError.self) { try probe("http://127.0.0.1:1/").answer.get() }
    }
}
