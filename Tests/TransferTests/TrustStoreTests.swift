import CatapultSimulator
import Dispatch
import FoundationEssentials
import Glibc
import Platform
import Testing

@testable import Transfer

/// Which authorities are trusted, over real TLS.
struct TrustStoreTests {
    private let certificates: Certificates
    private let simulator: Simulator

    init() throws {
        certificates = try Certificates()
        var configuration = Configuration()
        configuration.recordings = RecordingPlan(count: 1)
        configuration.tlsCertificate = certificates.certificate
        configuration.tlsKey = certificates.key
        simulator = try Simulator(configuration: configuration)
        try simulator.start()
    }

    /// Asks over a connection of its own; nil when that went well.
    private func failure(trusting file: String?) throws -> TransferError? {
        defer { withExtendedLifetime(simulator) {} }
        var options = TransferOptions()
        options.caFile = file
        let requester = try Requester(options: options)
        defer { requester.close() }
        let url = try HTTPURL(simulator.baseURL + "/users/u-simulated/recordings?size=1")
        do throws(TransferError) {
            let answer = try requester.perform(
                TransferRequest(
                    url: url,
                    credentials: Credentials(
                        token: Secret("t-simulated"), secret: Secret("s-simulated"))),
                limit: 1 << 20)
            return answer.head.status == 200 ? nil : TransferError(.malformed, text: "not 200")
        } catch {
            return error
        }
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = certificates.folder + "/" + name
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test func `an authority among others is trusted, one that is not there isn't`() throws {
        let own = try String(contentsOfFile: certificates.authority, encoding: .utf8)
        let others = try Certificates()
        let stranger = try withExtendedLifetime(others) {
            try String(contentsOfFile: others.authority, encoding: .utf8)
        }
        #expect(try failure(trusting: write("both.pem", stranger + own)) == nil)
        #expect(try failure(trusting: write("other.pem", stranger))?.kind == .certificate)
        // The system knows neither.
        #expect(try failure(trusting: nil)?.kind == .certificate)
        #expect(try failure(trusting: certificates.authority) == nil)
    }

    @Test func `the server's own certificate may be the one that is trusted`() throws {
        #expect(try failure(trusting: certificates.certificate) == nil)
    }

    @Test func `a file that isn't there, or has none in it, is named, and read once it is there`()
        throws
    {
        let path = certificates.folder + "/late.pem"
        for text in [nil, "nothing of that kind\n"] {
            if let text { _ = try write("late.pem", text) }
            let error = try #require(try failure(trusting: path))
            #expect(error.kind == .caFile)
            #expect(error.text == "no certificate of an authority can be read from '\(path)'")
        }
        _ = try write(
            "late.pem", try String(contentsOfFile: certificates.authority, encoding: .utf8))
        #expect(try failure(trusting: path) == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func `it is read once: what comes from a pipe serves all connections`() throws {
        let pipe = certificates.folder + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: certificates.authority)))
        DispatchQueue(label: "writer").async {
            let file = open(pipe, O_WRONLY)
            _ = Glibc.write(file, bytes, bytes.count)
            close(file)
        }
        for _ in 0..<3 { #expect(try failure(trusting: pipe) == nil) }
    }
}
