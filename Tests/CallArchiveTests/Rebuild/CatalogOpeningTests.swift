import FoundationEssentials
import Testing

@testable import CallArchive

struct CatalogOpeningTests {
    @Test func `a sync without its catalog rebuilds it, says so once, and fetches nothing`() throws
    {
        let archive = try SyncedArchive()
        try archive.loseCatalog()
        let requests = archive.mediaRequests
        let (outcome, warnings) = try archive.sync()
        #expect(outcome.summary.archived == 12 && outcome.newlyArchived == 0)
        #expect(archive.mediaRequests == requests)
        #expect(
            warnings == [
                "the catalog is missing; it was rebuilt from manifest.json: "
                    + "12 files unchanged"
            ])
    }

    @Test(arguments: [100, 5000])
    func `a torn catalog is rebuilt and kept`(offset: Int) throws {
        let archive = try SyncedArchive()
        var data = try archive.bytes(".callarchive/catalog.sqlite")
        data = offset == 100 ? Data(repeating: 0x5a, count: data.count) : data.prefix(offset)
        try archive.write(data, to: ".callarchive/catalog.sqlite")
        let requests = archive.mediaRequests
        let (outcome, warnings) = try archive.sync()
        #expect(outcome.summary.archived == 12 && archive.mediaRequests == requests)
        #expect(warnings.count == 1 && warnings[0].hasPrefix("the catalog is damaged"))
        let kept = archive.names(in: ".callarchive").filter { $0.contains("damaged-") }
        #expect(kept.count == 1)
    }

    @Test(arguments: ["runs", "meta", "handovers"])
    func `a catalog without one of its tables is damaged, not our bug`(table: String) throws {
        let archive = try SyncedArchive()
        let database = try Database(path: archive.catalogPath)
        try database.execute("DROP TABLE \(table)")
        #expect(throws: CatalogError(.damaged, "it has no table '\(table)'")) {
            try archive.read { _ in }
        }
        #expect(throws: CatalogError.self) { try Catalog.examine(archive.catalogPath) }
        let (outcome, warnings) = try archive.sync()
        #expect(outcome.summary.archived == 12 && outcome.newlyArchived == 0)
        #expect(warnings.first?.hasPrefix("the catalog is damaged (it has no table") == true)
    }

    @Test func `a catalog of a negative version is damaged, not our bug`() throws {
        let archive = try SyncedArchive(2)
        try Database(path: archive.catalogPath).execute("PRAGMA user_version = -1")
        #expect(throws: CatalogError(.damaged, "its schema version is -1")) {
            try archive.read { _ in }
        }
        let (outcome, warnings) = try archive.sync()
        #expect(outcome.summary.archived == 2 && outcome.newlyArchived == 0)
        #expect(warnings.first?.hasPrefix("the catalog is damaged") == true)
    }

    @Test func `a rebuild binds no account whose run was refused`() throws {
        let bench = try SyncBench()
        #expect(try bench.sync { $0.account = "u-typo" }.outcome.error?.kind == .refused)
        try FileManager.default.removeItem(atPath: bench.path + "/.callarchive/catalog.sqlite")
        _ = try RebuildRun(archive: bench.path, account: nil).run { _ in }
        #expect(try bench.sync().archivedCount == 3)
    }

    @Test func `a torn catalog without anything to rebuild it from stops the run`() throws {
        let archive = try SyncedArchive(2)
        try archive.remove("manifest.json")
        try archive.remove("SHA256SUMS")
        let noise = Data(repeating: 0x5a, count: 8192)
        try archive.write(noise, to: ".callarchive/catalog.sqlite")
        let error = #expect(throws: ArchiveError.self) { try archive.sync() }
        #expect(error?.kind == .storage && error?.hint?.contains("callarchive rebuild") == true)
        #expect(try archive.bytes(".callarchive/catalog.sqlite") == noise)
    }

    @Test func `files that nothing tells of are said before they are fetched again`() throws {
        let archive = try SyncedArchive(2)
        for file in ["manifest.json", "SHA256SUMS", ".callarchive"] { try archive.remove(file) }
        let (outcome, warnings) = try archive.sync()
        #expect(outcome.newlyArchived == 2 && warnings.count == 2)
        #expect(warnings.first == "there is neither a catalog nor a manifest")
        #expect(try archive.verify().findings.isEmpty)
        // An archive that begins has nothing to say.
        try archive.remove("")
        #expect(try archive.sync().warnings.isEmpty)
    }

    @Test func `a sync puts back what was moved by hand`() throws {
        let archive = try SyncedArchive()
        let moved = try archive.moveDay(of: try archive.file(0), to: "recordings/2001/01/01")
        let requests = archive.mediaRequests
        let (outcome, warnings) = try archive.sync()
        #expect(outcome.newlyArchived == 0 && archive.mediaRequests == requests)
        #expect(warnings.count == moved.count)
        #expect(warnings.allSatisfy { $0.hasSuffix("it is back in its place") })
        #expect(try archive.verify().findings.isEmpty)
    }

    @Test func `a folder in the catalog's place is called one`() throws {
        let archive = try SyncedArchive(1)
        try archive.loseCatalog()
        try FileManager.default.createDirectory(
            atPath: archive.catalogPath, withIntermediateDirectories: true)
        for attempt in [{ _ = try archive.sync() }, { _ = try archive.verify() }] {
            let error = #expect(throws: ArchiveError.self) { try attempt() }
            #expect(error?.kind == .storage && error?.hint?.hasPrefix("a folder stands") == true)
        }
        _ = try archive.rebuild()
        #expect(try archive.sync().0.summary.archived == 1)
    }

    @Test func `another account's manifest is not rebuilt from`() throws {
        let archive = try SyncedArchive(1)
        try archive.loseCatalog()
        let error = #expect(throws: ArchiveError.self) { try archive.sync(account: "u-other") }
        #expect(error?.kind == .usage)
        // The right one still can.
        #expect(try archive.sync().0.summary.archived == 1)
    }
}
