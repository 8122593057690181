import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Platform
import Transfer

/// A simulated provider with a few recordings, an empty archive, and syncs between them.
final class SyncBench {
    let simulator: Simulator
    let scratch: ScratchFolder
    /// Digests that each recording's media had at some time, by id.
    private(set) var digests: [String: Set<String>] = [:]

    /// Changed, the next run has an archive of its own.
    var archiveName = "archive"
    var path: String { scratch.path + "/" + archiveName }

    init(
        count: Int = 3, size: Int64 = 48 << 10, faults: [String] = [],
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws {
        scratch = try ScratchFolder()
        var configuration = Configuration()
        configuration.recordings = RecordingPlan(count: count, size: size)
        configuration.recordings.epoch = 1_700_000_000_000
        change(&configuration)
        simulator = try Simulator(configuration: configuration)
        try simulator.start()
        for fault in faults { try simulator.setFault(fault) }
        noteDigests()
    }

    deinit {
        simulator.stop()
    }

    var settings: SyncSettings {
        var settings = SyncSettings(
            archive: path, account: "u-simulated",
            credentials: Credentials(token: Secret("t-simulated"), secret: Secret("s-simulated")))
        settings.baseURL = simulator.baseURL
        settings.concurrency = 4
        settings.retries = 1
        settings.stallTimeout = .seconds(1)
        settings.connectTimeout = .seconds(5)
        settings.minFree = 0
        settings.lockWait = .seconds(5)
        return settings
    }

    /// One whole run.
    func sync(
        kernel: Kernel = Kernel(), _ change: (inout SyncSettings) -> Void = { _ in }
    ) throws -> SyncRun {
        var settings = settings
        change(&settings)
        let log = EventLog()
        let outcome = try Sync(settings: settings, observer: log, kernel: kernel).run()
        noteDigests()
        return SyncRun(outcome: outcome, log: log, entries: try entries())
    }

    /// Remembers what each recording's media holds now.
    func noteDigests() {
        for number in 1...max(1, simulator.recordingCount) {
            let digits = String(number)
            let id = "r-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
            if let digest = simulator.expectedSHA256(id) {
                digests[id, default: []].insert(digest)
            }
        }
    }

    func entries() throws -> [String: ArchiveEntry] {
        let catalog = try Catalog(readingFrom: "\(path)/.callarchive/catalog.sqlite")
        defer { catalog.close() }
        var entries: [String: ArchiveEntry] = [:]
        try catalog.forEachEntry {
            entries[$0.id] = $0
            return true
        }
        return entries
    }

    // MARK: What lies on disk

    /// Paths below the archive of all files under recordings/, sorted.
    func files() -> [String] {
        let root = path + "/recordings"
        let below = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return below.filter { $0.hasSuffix(".wav") || $0.hasSuffix(".mp3") }
            .map { "recordings/" + $0 }.sorted()
    }

    /// Files that are not, byte for byte, the media of the recording they are named for.
    func wrongFiles() throws -> [String] {
        var owners: [String: String] = [:]
        for entry in try entries().values {
            if let file = entry.file { owners[file] = entry.id }
        }
        return try files().filter { file in
            guard let id = owners[file] ?? idNamed(by: file) else { return true }
            return try digests[id]?.contains(sha256(file)) != true
        }
    }

    private func idNamed(by file: String) -> String? {
        digests.keys.first { file.hasSuffix("_\($0).wav") }
    }

    func bytes(_ file: String) throws -> [UInt8] {
        try Self.read("\(path)/\(file)")
    }

    static func read(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    func sha256(_ file: String) throws -> String {
        let digester = Digester()
        digester.update(try bytes(file))
        return Hex.text(digester.finish() ?? [])
    }

    /// Names in the folder of partials.
    func parts() -> [String] {
        let folder = path + "/.callarchive/partial"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    // MARK: What the provider saw

    func mediaRequests(of id: String) -> [RequestRecord] {
        // By path: the rest of a request that still waits for its answer isn't noted yet.
        let end = "/media/" + (simulator.mediaName(of: id) ?? "none")
        return simulator.log().filter { $0.path.hasSuffix(end) }
    }

    var listingRequests: [RequestRecord] {
        simulator.log().filter { $0.path.hasSuffix("/recordings") }
    }
}

/// What one run came to.
struct SyncRun {
    var outcome: SyncOutcome
    var log: EventLog
    var entries: [String: ArchiveEntry]

    func status(_ id: String) -> ArchiveStatus? { entries[id]?.status }
    func code(_ id: String) -> String? { entries[id]?.error?.code }

    /// The status that a command would end with.
    var exit: Int32 { ExitStatus(outcome).code }

    var archivedCount: Int { entries.values.count { $0.status == .archived } }
}
