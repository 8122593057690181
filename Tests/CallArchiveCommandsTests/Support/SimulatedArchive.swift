import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Platform

/// An archive that the whole program makes, from a simulated provider; gone with the test.
final class SimulatedArchive {
    let path: String
    let simulator: Simulator
    private let folder: ScratchFolder

    /// 8 recordings that were whole, two that were not yet; oldest about 20 days.
    init(_ change: (inout Configuration) -> Void = { _ in }) throws {
        folder = try ScratchFolder()
        path = folder.path + "/archive"
        var configuration = Configuration()
        configuration.recordings = RecordingPlan(count: 8)
        change(&configuration)
        simulator = try Simulator(configuration: configuration)
        simulator.update(
            RecordingPatch(id: "w-1", state: "saving"),
            RecordingPatch(id: "w\u{1b}[31m", state: "recording"))
        try simulator.start()
    }

    deinit {
        simulator.stop()
    }

    static let account = [
        "CALLARCHIVE_USER_ID": "u-simulated", "CALLARCHIVE_TOKEN": "t-simulated",
        "CALLARCHIVE_SECRET": "s-simulated",
    ]

    struct Ended {
        var status: Int32
        var output: Capture
        var error: Capture
    }

    /// Runs the program with this command on the archive.
    func run(
        _ line: String, isTerminal: Bool = false, output: Capture = Capture(),
        environment: [String: String] = [:],
        now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) -> Ended {
        let error = Capture()
        var words = line.split(separator: " ").map(String.init)
        words.append(path)
        var variables = environment
        if words[0] == "sync" { words += ["--request-rate", "none", "--min-free=0"] }
        if words[0] == "sync" || words[0] == "doctor" {
            words += ["--base-url", simulator.baseURL]
            variables.merge(Self.account) { given, _ in given }
        }
        let program = Program(
            console: Console(output: output.sink, error: error.sink, now: { someMoment }),
            surroundings: Surroundings(
                environment: variables, now: now, standardOutputIsTerminal: isTerminal,
                standardErrorIsTerminal: isTerminal),
            engine: .real, width: { _ in isTerminal ? 60 : nil })
        return Ended(
            status: program.run(arguments: words), output: output, error: error)
    }

    func full(_ file: String) -> String { path + "/" + file }

    func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(filePath: full(file))) }

    func write(_ data: Data, to file: String) throws {
        try data.write(to: URL(filePath: full(file)))
    }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: full(file)) }
}

/// The members of entries that these tests look at.
struct ExportedEntry: Decodable {
    var id: String
    var status: String
    var file: String?
    var sequence: Int?
}

extension Capture {
    var entries: [ExportedEntry] {
        lines.compactMap { try? JSONDecoder().decode(ExportedEntry.self, from: Data($0.utf8)) }
    }
}
