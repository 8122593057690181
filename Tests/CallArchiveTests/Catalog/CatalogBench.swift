import Platform
import Testing

@testable import CallArchive

/// A catalog file of its own.
final class CatalogBench {
    let scratch: ScratchFolder
    let path: String
    let catalog: Catalog
    static let time = Timestamp(milliseconds: 1_700_000_000_000)
    static let audio = AudioProperties(
        container: "wav", encoding: "pcm_s16le", channels: 1, sampleRate: 8000,
        durationSeconds: 1)

    init() throws {
        scratch = try ScratchFolder()
        path = try scratch.file("catalog.sqlite", [])
        catalog = try Catalog(path: path, provider: "catapult", account: "u-1")
    }

    /// Writes a catalog as the program of that schema version left it, with `rows` by SQL.
    static func write(version: Int, at path: String, _ rows: String = "") throws {
        let database = try Database(path: path)
        for step in CatalogSchema.migrations.prefix(version) { try database.execute(step) }
        try database.execute("PRAGMA user_version = \(version)")
        try database.execute(
            "INSERT INTO meta (name, value) VALUES ('account', 'u-1'), ('provider', 'catapult')")
        try database.execute(rows)
    }

    /// A recording that is complete; `start` in seconds since 1970.
    static func complete(_ id: String, start: Int64? = 1_600_000_000, version: Int = 0) -> Recording
    {
        row(id, .complete, start: start, media: "https://api.example/media/\(id).wav", version)
    }

    static func row(
        _ id: String, _ state: RecordingState, start: Int64? = 1_600_000_000,
        media: String? = nil, _ version: Int = 0
    ) -> Recording {
        let text = start.map { Timestamp(milliseconds: $0 * 1000).iso8601 }
        return Recording(
            id: id, state: state, startTime: text,
            call: version > 0 ? "https://api.example/calls/\(version)" : nil, media: media)
    }

    /// Lists these rows as one whole walk.
    @discardableResult
    func list(_ recordings: Recording...) throws -> PageChange {
        var walk = Walk()
        let change = try catalog.record(recordings, in: &walk)
        _ = try catalog.finishWalk(walk, pages: 1, at: Self.time)
        return change
    }

    func claims(_ limit: Int = 100, in window: StartWindow = StartWindow()) throws -> [String] {
        try catalog.claim(limit: limit, in: window).map(\.id)
    }

    func row(_ id: String) throws -> Int64 {
        try #require(try catalog.entry(id: id)).row
    }

    func entry(_ id: String) throws -> ArchiveEntry {
        try #require(try catalog.entry(id: id)).entry
    }

    func file(_ id: String) throws -> ArchivedFile {
        ArchivedFile(
            row: try row(id), file: "recordings/\(id).wav", bytes: 100,
            sha256: [UInt8](repeating: 7, count: 32), contentType: "audio/wav", etag: "\"e\"",
            lastModified: nil, audio: Self.audio)
    }

    func commit(_ ids: String...) throws {
        try catalog.commit(try ids.map(file), at: Self.time)
    }

    func setback(
        _ id: String, _ status: ArchiveStatus, _ code: String, partial: Partial? = nil
    ) throws {
        try catalog.settle(
            [
                Setback(
                    row: try row(id), status: status, code: code, message: code, attempts: 2,
                    partial: partial)
            ], at: Self.time)
    }
}
