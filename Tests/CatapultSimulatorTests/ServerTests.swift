import CatapultSimulator
import Glibc
import Testing

@Suite struct ServerTests {
    @Test func `it stops with connections open, and its port refuses from then on`() throws {
        let running = try Running()
        let clients = (0..<20).map { _ in running.client() }
        for client in clients { client.send("GET", "\(running.user)/recordings") }
        #expect(clients.allSatisfy { $0.receive().status == 200 })
        running.simulator.stop()
        running.simulator.stop()
        #expect(clients.allSatisfy { $0.rest().end != .timeout })
        #expect(running.media("r-000001").raw.isEmpty)
    }

    @Test func `only loopback addresses are taken`() throws {
        for address in ["0.0.0.0", "10.0.0.1", "::", "nonsense"] {
            #expect(throws: SimulatorError.self) { try Running { $0.address = address } }
        }
        let other = try Running { $0.address = "127.0.0.7" }
        #expect(other.simulator.baseURL == "http://127.0.0.7:\(other.simulator.port)/v1")
    }

    @Test func `a connection is closed after its number of requests`() throws {
        let running = try Running { $0.requestsPerConnection = 2 }
        let client = running.client()
        client.send("GET", "\(running.user)/recordings")
        #expect(client.receive().header("connection") == nil)
        client.send("GET", "\(running.user)/recordings")
        #expect(client.receive().header("connection") == "close")
        #expect(client.rest().end == .closed)
    }

    @Test func `latency and throttle slow it down`() throws {
        let running = try Running {
            $0.latency = 0.2
            $0.throttle = 65_536
        }
        let clock = ContinuousClock()
        let start = clock.now
        #expect(running.media("r-000001").body.count == 16_384)
        #expect(clock.now - start > .milliseconds(350))
    }

    @Test func `many connections are served at the same time`() throws {
        let running = try Running { $0.recordings.count = 500 }
        let simulator = running.simulator
        let user = running.user
        var threads: [pthread_t] = []
        for number in 0..<16 {
            threads.append(
                try start {
                    let client = RawClient(port: simulator.port)
                    for index in stride(from: number + 1, through: 500, by: 16) {
                        let id = "000000\(index)".suffix(6)
                        client.send("GET", "\(user)/media/c-\(id)-1.wav")
                        guard client.receive().bytes == simulator.bytes("r-\(id)") else {
                            return
                        }
                    }
                })
        }
        for thread in threads { pthread_join(thread, nil) }
        let counts = simulator.counts()
        #expect(counts.media.count == 500)
        #expect(counts.media.values.allSatisfy { $0.wholeBodies == 1 })
        #expect(simulator.connectionCount == 16)
    }

    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    private func start(_ body: @escaping @Sendable () -> Void) throws -> pthread_t {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Work(body)).toOpaque()
        try #require(
            pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                    return nil
                }, context) == 0)
        return thread
    }
}
