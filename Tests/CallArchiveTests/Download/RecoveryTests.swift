import CatapultSimulator
import FoundationEssentials
import Glibc
import Platform
import Testing

@testable import CallArchive

/// What a killed run leaves, made by hand, and what the next start makes of it.
struct RecoveryTests {
    private static let id = "r-000001"

    /// Listed, nothing archived: as a run that was killed before its first commit.
    private func listed(size: Int64 = 200 << 10) throws -> SyncBench {
        let bench = try SyncBench(count: 1, size: size, faults: ["media:status@500"])
        #expect(try bench.sync { $0.retries = 0 }.status(Self.id) == .failed)
        bench.simulator.clearFaults()
        bench.simulator.clearLog()
        return bench
    }

    private func expected(_ bench: SyncBench) throws -> [UInt8] {
        try #require(bench.simulator.expectedBytes(Self.id))
    }

    /// Leaves a part with these bytes, and a journal as `note` writes it.
    private func leave(
        _ bench: SyncBench, _ bytes: [UInt8]?, _ note: (PartJournal) throws -> Void
    ) throws {
        let archive = try ArchiveFolder(path: bench.path, lockWait: .seconds(5))
        let journal = try PartJournal(archive)
        if let bytes {
            let part = try archive.createPart(ArchiveFolder.partName(for: Self.id))
            try bytes.withUnsafeBytes { try part.append($0) }
        }
        try note(journal)
    }

    private func finished(_ bytes: [UInt8]) -> FinishedPart {
        let digester = Digester()
        digester.update(bytes)
        return FinishedPart(
            row: 1, id: Self.id, part: ArchiveFolder.partName(for: Self.id),
            bytes: Int64(bytes.count), sha256: digester.finish() ?? [], etag: "\"e\"",
            audio: CatalogBench.audio)
    }

    private func etag(_ bench: SyncBench) throws -> String {
        bench.archiveName = "other"
        defer {
            bench.archiveName = "archive"
            bench.simulator.clearLog()
        }
        return try #require(try bench.sync().entries[Self.id]?.etag)
    }

    private func expectArchived(
        _ bench: SyncBench, requests: [Int], _ run: SyncRun
    ) throws {
        #expect(run.status(Self.id) == .archived)
        #expect(run.entries[Self.id]?.sequence == 1)
        #expect(run.outcome.newlyArchived == 1)
        #expect(run.outcome.newBytes == run.entries[Self.id]?.bytes)
        #expect(bench.mediaRequests(of: Self.id).map(\.status) == requests)
        #expect(bench.files().count == 1)
        #expect(try bench.wrongFiles() == [])
        #expect(bench.parts() == [])
        #expect(run.log.archived == [Self.id])
    }

    @Test func `a part that was whole is committed, not fetched again`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        try leave(bench, bytes) { try $0.finished(finished(bytes)) }
        try expectArchived(bench, requests: [], try bench.sync())
    }

    @Test func `a file that was renamed just before the end is entered, not fetched again`() throws
    {
        let bench = try listed()
        let bytes = try expected(bench)
        bench.archiveName = "other"
        let file = try #require(try bench.sync().entries[Self.id]?.file)
        bench.archiveName = "archive"
        bench.simulator.clearLog()
        try leave(bench, nil) { try $0.finished(finished(bytes)) }
        try plant(bench, file, bytes)
        try expectArchived(bench, requests: [], try bench.sync())
    }

    @Test func `a part with validators is gone on with`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        let kept = try partial(try etag(bench), bytes, checked: 120_000)
        try leave(bench, Array(bytes.prefix(150_000))) {
            try $0.opened(
                ArchiveFolder.partName(for: Self.id), id: Self.id,
                kept)
        }
        let run = try bench.sync()
        // What lies behind the checkpoint is asked for again and compared.
        #expect(bench.mediaRequests(of: Self.id).first?.range == "bytes=120000-")
        try expectArchived(bench, requests: [206], run)
    }

    private func partial(_ etag: String, _ bytes: [UInt8], checked: Int) throws -> Partial {
        var partial = Partial(etag: etag, lastModified: nil, total: Int64(bytes.count))
        let digester = Digester()
        digester.update(Array(bytes.prefix(checked)))
        partial.checkpoint = Checkpoint(
            size: Int64(checked), sha256: try #require(digester.finish()))
        return partial
    }

    @Test(arguments: [50_000, 149_999])
    func `a part that was edited is not glued to another's rest`(place: Int) throws {
        let bench = try listed()
        let bytes = try expected(bench)
        let etag = try etag(bench)
        var edited = Array(bytes.prefix(150_000))
        edited[place] ^= 0xFF
        let partial = try partial(etag, bytes, checked: 120_000)
        try leave(bench, edited) {
            try $0.opened(ArchiveFolder.partName(for: Self.id), id: Self.id, partial)
        }
        // Before the checkpoint its hash tells, behind it the comparison.
        try expectArchived(bench, requests: place < 120_000 ? [200] : [206, 200], try bench.sync())
    }

    @Test func `an attempt that brought nothing vouches for nothing`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        let etag = try etag(bench)
        var edited = Array(bytes.prefix(150_000))
        edited[149_999] ^= 0xFF
        let partial = try partial(etag, bytes, checked: 120_000)
        try leave(bench, edited) {
            try $0.opened(ArchiveFolder.partName(for: Self.id), id: Self.id, partial)
        }
        try bench.simulator.setFault("media:\(Self.id):status@503:first=1")
        try expectArchived(bench, requests: [503, 206, 200], try bench.sync { $0.retries = 2 })
    }

    @Test func `a part without a checkpoint is fetched anew`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        let etag = try etag(bench)
        try leave(bench, Array(bytes.prefix(150_000))) {
            try $0.opened(
                ArchiveFolder.partName(for: Self.id), id: Self.id,
                Partial(etag: etag, lastModified: nil, total: Int64(bytes.count)))
        }
        try expectArchived(bench, requests: [200], try bench.sync())
    }

    @Test func `an edited part is not trusted`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        var edited = bytes
        edited[100_000] ^= 0xFF
        try leave(bench, edited) { try $0.finished(finished(bytes)) }
        try expectArchived(bench, requests: [200], try bench.sync())
    }

    @Test func `a whole part's journal line that was cut off counts for nothing`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        try leave(bench, bytes) { try $0.finished(finished(bytes)) }
        let journal = bench.path + "/.callarchive/partial/journal"
        let text = try SyncBench.read(journal)
        try Data(text.dropLast(20)).write(to: URL(filePath: journal))
        try expectArchived(bench, requests: [200], try bench.sync())
    }

    @Test func `what belongs to nothing is removed`() throws {
        let bench = try listed()
        let bytes = try expected(bench)
        try leave(bench, bytes) { _ in }
        for name in ["x", "00.part", "ffffffffffffffffffffffffffffffff.part"] {
            try Data(bytes.prefix(100)).write(
                to: URL(filePath: bench.path + "/.callarchive/partial/" + name))
        }
        try expectArchived(bench, requests: [200], try bench.sync())
    }

    @Test func `journal lines before a torn one are read, the last of each part counts`() throws {
        let scratch = try ScratchFolder()
        let archive = try ArchiveFolder(path: scratch.path + "/archive")
        let journal = try PartJournal(archive)
        for total in Int64(1)...3000 {
            try journal.opened(
                "\(total % 7).part", id: "id\n\"\(total)",
                Partial(etag: "\"é\\\"", lastModified: nil, total: total))
        }
        let path = scratch.path + "/archive/.callarchive/partial/journal"
        let text = try SyncBench.read(path) + Array("{\"part\":\"9.part\",\"id\":\"x".utf8)
        try Data(text).write(to: URL(filePath: path))
        let lines = try PartJournal.read(archive) { _ in true }
        #expect(lines.count == 7)
        #expect(lines["4.part"]?.partial.total == 3000)
        #expect(lines["4.part"]?.id == "id\n\"3000")
        #expect(lines["4.part"]?.partial.etag == "\"é\\\"")
        #expect(try PartJournal.read(archive) { $0.part == "1.part" }.count == 1)
    }

    private func plant(_ bench: SyncBench, _ file: String, _ bytes: [UInt8]) throws {
        let path = bench.path + "/" + file
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        try FileManager.default.createDirectory(
            atPath: folder.joined(separator: "/"), withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test func `a final name that is taken by other bytes is never overwritten`() throws {
        let bench = try SyncBench(count: 2)
        bench.archiveName = "other"
        let file = try #require(try bench.sync().entries[Self.id]?.file)
        bench.archiveName = "archive"
        let mine = Array("mine".utf8)
        try plant(bench, file, mine)
        let run = try bench.sync()
        #expect(run.status(Self.id) == .failed)
        #expect(run.code(Self.id) == "name-taken")
        #expect(run.outcome.newlyFailed == 1)
        #expect(try bench.bytes(file) == mine)
        #expect(bench.parts() == [])
        #expect(run.status("r-000002") == .archived)
        // Out of the way, it is archived.
        #expect(unlink(bench.path + "/" + file) == 0)
        #expect(try bench.sync().archivedCount == 2)
    }

    @Test func `a final name that is taken by the same bytes is adopted`() throws {
        let bench = try SyncBench(count: 1)
        bench.archiveName = "other"
        let file = try #require(try bench.sync().entries[Self.id]?.file)
        bench.archiveName = "archive"
        try plant(bench, file, try expected(bench))
        let run = try bench.sync()
        #expect(run.status(Self.id) == .archived)
        #expect(run.entries[Self.id]?.file == file)
        #expect(bench.parts() == [])
    }
}
