import Dispatch
import FoundationEssentials
import Platform
import Synchronization
import Testing

@testable import CallArchive

/// Catalogs of earlier versions, brought up to date or looked at.
struct CatalogMigrationTests {
    @Test func `a catalog with an index of statuses loses it, and counts what it counted`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.file("third.sqlite", [])
        try CatalogBench.write(
            version: 3, at: path,
            """
            WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 599)
            INSERT INTO recordings
                (id, source, start_time, start_key, status, listed, file, bytes, sequence)
            SELECT 'r-' || i, x'', strftime('%Y-%m-%dT%H:%M:%SZ', 1600000000 + i, 'unixepoch'),
                (1600000000 + i) * 1000, i % 6, i % 5 > 0,
                CASE WHEN i % 6 = 0 THEN 'recordings/' || i || '.wav' END,
                CASE WHEN i % 6 = 0 THEN i END, CASE WHEN i % 6 = 0 THEN i + 1 END FROM n
            """)
        let looking = try Catalog(readingFrom: path)
        let seen = try looking.summary()
        looking.close()
        #expect(try indexes(path).contains("recordings_by_status"))
        let catalog = try Catalog(path: path, provider: "catapult", account: "u-1")
        #expect(
            try indexes(path) == [
                "recordings_by_file", "recordings_by_sequence", "recordings_by_time",
                "recordings_due", "recordings_others", "transcriptions_by_file",
            ])
        #expect(try catalog.summary() == CatalogCountTests.counted(catalog))
        #expect(try catalog.summary() == seen)
        #expect(seen.archived == 100 && seen.bytes == 29_700 && seen.listed == 600)
        try CatalogCountTests.compare(catalog)
        let walk = Walk()
        #expect(try catalog.finishWalk(walk, pages: 0, at: CatalogBench.time) == 480)
        #expect(try catalog.expireVanished().count == 200)
        try CatalogCountTests.compare(catalog)
    }

    private func indexes(_ path: String) throws -> [String] {
        let database = try Database(path: path, isReadOnly: true)
        let statement = try database.statement(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL ORDER BY name")
        var names: [String] = []
        while try statement.step() { names.append(statement.text(0) ?? "") }
        return names
    }

    private func version(_ path: String) throws -> Int {
        try CatalogSchema.userVersion(Database(path: path, isReadOnly: true))
    }

    /// What SQLite notes for one statement goes to a file when it is much.
    @Test func `statements that change many rows go on`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.file("many.sqlite", [])
        try CatalogBench.write(
            version: 3, at: path,
            """
            WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 39999)
            INSERT INTO recordings (id, source, start_key, status, media)
            SELECT 'r-' || (i * 7919 % 40000), x'', i, 4, 'https://h/m/' || i FROM n
            """)
        let catalog = try Catalog(path: path, provider: "catapult", account: "u-1")
        #expect(try catalog.summary().gone == 40_000)
        #expect(try catalog.retryGone() == 40_000)
        #expect(try catalog.summary().pending == 40_000)
        #expect(try catalog.finishWalk(Walk(), pages: 0, at: CatalogBench.time) == 40_000)
    }

    @Test func `two that bring a catalog up to date at once both can go on`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.file("second.sqlite", [])
        try CatalogBench.write(version: 2, at: path)
        let failures = Locked<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            do {
                try CatalogSchema.migrate(try Database(path: path))
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try version(path) == CatalogSchema.migrations.count)
    }

    @Test func `a look at an older program's archive leaves its catalog as it was`() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/.callarchive"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        let path = try scratch.file(".callarchive/catalog.sqlite", [])
        try CatalogBench.write(version: 3, at: path)
        let looking = try Catalog.visit(archive: scratch.path)
        #expect(!looking.canWrite)
        #expect(try looking.catalog.summary() == ArchiveSummary())
        #expect(try version(path) == 3)
        let writing = try Catalog.visit(archive: scratch.path, writing: true)
        #expect(writing.canWrite)
        #expect(try version(path) == CatalogSchema.migrations.count)
    }
}
