import CatapultSimulator
import FoundationEssentials

/// A started simulator with what nearly every test asks of it. Ends when it is let go.
struct Running {
    let simulator: Simulator
    var user: String { "/v1/users/u-simulated" }

    init(_ change: (inout Configuration) throws -> Void = { _ in }) throws {
        var configuration = Configuration()
        configuration.recordings.epoch = 1_700_000_000_000
        try change(&configuration)
        simulator = try Simulator(configuration: configuration)
        try simulator.start()
    }

    func client() -> RawClient { RawClient(port: simulator.port) }

    /// One request on a connection of its own.
    func get(
        _ target: String, authorization: String? = RawClient.credentials, headers: [String] = []
    ) -> RawResponse {
        let client = client()
        client.send("GET", target, authorization: authorization, headers: headers)
        return client.receive()
    }

    func media(_ id: String, headers: [String] = []) -> RawResponse {
        let name = simulator.mediaName(of: id) ?? "none"
        return get("\(user)/media/\(name)", headers: headers)
    }

    func post(_ path: String, _ body: String, method: String = "POST") -> RawResponse {
        let client = client()
        client.send(method, "/_control/" + path, authorization: nil, body: body)
        return client.receive()
    }

    /// The ids of a listing page, in order.
    func ids(_ response: RawResponse) throws -> [String] {
        struct Row: Decodable {
            var id: String
        }
        return try JSONDecoder().decode([Row].self, from: Data(response.body)).map(\.id)
    }
}
