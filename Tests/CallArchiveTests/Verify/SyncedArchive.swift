import CatapultSimulator
import FoundationEssentials
import Platform
import Synchronization
import Testing
import Transfer

@testable import CallArchive

/// An archive made by real syncs against the simulated provider; gone with the test.
final class SyncedArchive {
    let simulator: Simulator
    let path: String
    private let root: String

    init(_ count: Int = 12, _ change: (inout Configuration) -> Void = { _ in }) throws {
        var configuration = Configuration()
        configuration.recordings = RecordingPlan(count: count)
        change(&configuration)
        simulator = try Simulator(configuration: configuration)
        try simulator.start()
        root =
            FileManager.default.temporaryDirectory
            .appending(path: "callarchive-synced-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        path = root + "/archive"
        try sync()
    }

    deinit {
        simulator.stop()
        try? FileManager.default.removeItem(atPath: root)
    }

    /// What a run said of itself.
    final class Notices: SyncObserver {
        private let lines = Locked<[String]>([])
        var warnings: [String] { lines.withLock { $0 } }
        var wantsEntries: Bool { false }

        func observe(_ event: SyncEvent) {
            if case .notice(.warning, let text) = event { lines.withLock { $0.append(text) } }
        }
    }

    /// The outcome, and the warnings that the run gave.
    @discardableResult
    func sync(
        account: String = "u-simulated", transcriptions: Bool = false
    ) throws -> (SyncOutcome, warnings: [String]) {
        var settings = SyncSettings(
            archive: path, account: account,
            credentials: Credentials(token: Secret("t-simulated"), secret: Secret("s-simulated")))
        settings.baseURL = simulator.baseURL
        settings.requestRate = .none
        settings.minFree = 0
        settings.withTranscriptions = transcriptions
        let notices = Notices()
        let outcome = try Sync(settings: settings, observer: notices).run()
        return (outcome, notices.warnings)
    }

    /// Moves a day's files to another folder, as somebody who tidies up would; their old paths.
    func moveDay(of file: String, to folder: String) throws -> [String] {
        let day = String(file[..<(try #require(file.lastIndex(of: "/")))])
        let names = names(in: day)
        try FileManager.default.createDirectory(
            atPath: full(folder), withIntermediateDirectories: true)
        for name in names { try move("\(day)/\(name)", to: "\(folder)/\(name)") }
        return names.map { "\(day)/\($0)" }
    }

    /// Media answered so far.
    var mediaRequests: Int { simulator.log().count { $0.path.contains("/media/") } }

    var catalogPath: String { path + "/.callarchive/catalog.sqlite" }

    func read<Result>(_ body: (Catalog) throws -> Result) throws -> Result {
        let catalog = try Catalog(readingFrom: catalogPath)
        defer { catalog.close() }
        return try body(catalog)
    }

    func entries() throws -> [ArchiveEntry] {
        var entries: [ArchiveEntry] = []
        try read {
            try $0.forEachEntry {
                entries.append($0)
                return true
            }
        }
        return entries
    }

    /// The `index`th archived file below the archive.
    func file(_ index: Int) throws -> String {
        let files = try entries().compactMap(\.file)
        return try #require(files.indices.contains(index) ? files[index] : nil)
    }

    func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: full(file)) }
    func full(_ file: String) -> String { path + "/" + file }
    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: full(file)) }

    func move(_ file: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: full(file), toPath: full(other))
    }

    func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(filePath: full(file))) }

    func write(_ data: Data, to file: String) throws {
        try data.write(to: URL(filePath: full(file)))
    }

    /// Turns one bit of a file.
    func flip(_ file: String, at offset: Int = 5000) throws {
        var data = try bytes(file)
        data[offset] ^= 1
        try write(data, to: file)
    }

    func loseCatalog() throws { try remove(".callarchive/catalog.sqlite") }

    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: full(folder)))?.sorted() ?? []
    }

    func rebuild(account: String? = nil) throws -> (RebuildOutcome, notes: [String]) {
        var notes: [String] = []
        // Processes that other tests start hold the lock until they have begun.
        let run = RebuildRun(archive: path, account: account, lockWait: .seconds(5))
        let outcome = try run.run { notes.append($0) }
        return (outcome, notes)
    }

    func verify(
        _ change: (inout VerifySettings) -> Void = { _ in }
    ) throws -> (VerifyOutcome, findings: [VerifyFinding]) {
        var settings = VerifySettings(archive: path)
        change(&settings)
        var findings: [VerifyFinding] = []
        let outcome = try Verify(settings: settings).run { findings.append($0) }
        return (outcome, findings.sorted { $0.file < $1.file })
    }
}
