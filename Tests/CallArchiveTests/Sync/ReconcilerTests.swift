import CatapultSimulator
import FoundationEssentials
import Glibc
import Testing

@testable import CallArchive

/// Files that were changed behind our back.
struct ReconcilerTests {
    private static let id = "r-000002"

    private func archived() throws -> (SyncBench, file: String) {
        let bench = try SyncBench()
        let run = try bench.sync()
        #expect(run.archivedCount == 3)
        bench.simulator.clearLog()
        return (bench, try #require(run.entries[Self.id]?.file))
    }

    private func expectMended(_ bench: SyncBench, _ file: String) throws {
        let run = try bench.sync()
        #expect(run.archivedCount == 3)
        #expect(run.entries[Self.id]?.file == file)
        #expect(run.entries[Self.id]?.sequence == 4)
        #expect(run.log.archived == [Self.id])
        #expect(bench.mediaRequests(of: Self.id).count == 1)
        #expect(bench.simulator.log().count { $0.family == .media } == 1)
        #expect(run.log.notices(.warning).contains { $0.contains(file) })
        #expect(try bench.wrongFiles() == [])
    }

    private func damaged(_ bench: SyncBench) -> [String] {
        let folder = bench.path + "/.callarchive/damaged"
        return (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    @Test func `a deleted file is fetched again`() throws {
        let (bench, file) = try archived()
        #expect(unlink(bench.path + "/" + file) == 0)
        try expectMended(bench, file)
        #expect(damaged(bench) == [])
    }

    @Test(arguments: [0, 100, 60_000])
    func `a file of another size is kept aside and fetched again`(_ size: Int) throws {
        let (bench, file) = try archived()
        #expect(truncate(bench.path + "/" + file, size) == 0)
        try expectMended(bench, file)
        let kept = try #require(damaged(bench).first)
        #expect(try bench.bytes(".callarchive/damaged/" + kept).count == size)
    }

    @Test func `a link in a file's place is kept aside, its target left alone`() throws {
        let (bench, file) = try archived()
        let right = try bench.bytes(file)
        let outside = try bench.scratch.file("outside", right)
        #expect(unlink(bench.path + "/" + file) == 0)
        #expect(symlink(outside, bench.path + "/" + file) == 0)
        try expectMended(bench, file)
        #expect(try SyncBench.read(outside) == right)
    }

    @Test func `damage twice over keeps both`() throws {
        let (bench, file) = try archived()
        for size in [10, 20] {
            #expect(truncate(bench.path + "/" + file, size) == 0)
            #expect(try bench.sync().archivedCount == 3)
        }
        #expect(damaged(bench).count == 2)
        #expect(try bench.wrongFiles() == [])
    }

    @Test func `a whole folder that is missing is fetched again`() throws {
        let (bench, _) = try archived()
        try FileManager.default.removeItem(atPath: bench.path + "/recordings")
        #expect(try bench.sync().archivedCount == 3)
        #expect(bench.files().count == 3)
        #expect(try bench.wrongFiles() == [])
    }

    @Test func `a file of one byte is said to have one`() throws {
        let (bench, file) = try archived()
        #expect(truncate(bench.path + "/" + file, 1) == 0)
        let lines = try bench.sync().log.notices(.warning)
        #expect(lines == ["'\(file)' has 1 byte, not 49152; it is downloaded again"])
    }

    @Test func `many missing files are told in a few lines`() throws {
        let bench = try SyncBench(count: 25, size: 4096)
        #expect(try bench.sync().archivedCount == 25)
        try FileManager.default.removeItem(atPath: bench.path + "/recordings")
        let lines = try bench.sync().log.notices(.warning)
        #expect(lines.count == 21)
        #expect(lines.last == "5 more files are missing or altered, and downloaded again")
    }

    @Test func `a link in the place of all recordings is refused before they are taken for lost`()
        throws
    {
        let (bench, _) = try archived()
        let elsewhere = bench.scratch.path + "/elsewhere"
        try FileManager.default.moveItem(
            atPath: bench.path + "/recordings", toPath: elsewhere)
        #expect(symlink(elsewhere, bench.path + "/recordings") == 0)
        let error = #expect(throws: ArchiveError.self) { try bench.sync() }
        #expect(error?.kind == .storage && error?.hint?.contains("mount --bind") == true)
        #expect(error?.why.hasSuffix("/recordings': it is a symbolic link") == true)
        #expect(unlink(bench.path + "/recordings") == 0)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: bench.path + "/recordings")
        #expect(try bench.sync().outcome.newlyArchived == 0)
    }

    @Test func `a link in the place of a year is refused before its files are taken for lost`()
        throws
    {
        let (bench, file) = try archived()
        let year = bench.path + "/" + file.split(separator: "/").prefix(2).joined(separator: "/")
        let elsewhere = bench.scratch.path + "/elsewhere"
        try FileManager.default.moveItem(atPath: year, toPath: elsewhere)
        #expect(symlink(elsewhere, year) == 0)
        let run = try bench.sync()
        #expect(run.outcome.error?.kind == .storage)
        #expect(run.outcome.error?.why.contains("it is a symbolic link") == true)
        #expect(run.archivedCount == 3 && bench.simulator.log().allSatisfy { $0.family != .media })
        #expect(unlink(year) == 0)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: year)
        #expect(try bench.sync().outcome.newlyArchived == 0)
    }

    @Test func `files that were moved are put back, or left for the next run when that is over`()
        throws
    {
        let (bench, _) = try archived()
        let tidied = bench.path + "/tidied"
        try FileManager.default.moveItem(atPath: bench.path + "/recordings", toPath: tidied)
        try FileManager.default.createDirectory(
            atPath: bench.path + "/recordings", withIntermediateDirectories: false)
        try FileManager.default.moveItem(
            atPath: tidied, toPath: bench.path + "/recordings/tidied")
        // Its time is over as soon as it begins: nothing is taken for lost.
        let short = try bench.sync { $0.maxDuration = .nanoseconds(1) }
        #expect(short.archivedCount == 3 && short.outcome.newlyArchived == 0)
        let run = try bench.sync()
        #expect(run.archivedCount == 3 && run.outcome.newlyArchived == 0)
        #expect(run.log.notices(.warning).count { $0.contains("is back in its place") } == 3)
        #expect(bench.simulator.log().allSatisfy { $0.family != .media })
        #expect(try bench.wrongFiles() == [])
    }

    @Test func `a run that the provider refuses takes no moved file for lost`() throws {
        let (bench, _) = try archived()
        let archive = try ArchiveFolder(path: bench.path)
        let file = try #require(bench.files().first)
        let strays = StrayFiles(archive, isCancelled: { true })
        #expect(unlink(bench.path + "/" + file) == 0)
        let job = FileJob(file: file, bytes: nil, sha256: [])
        guard case .undecided = try strays.putBack(job) else {
            Issue.record("a search that was cancelled has decided")
            return
        }
    }

    @Test func `a run with nothing to do asks for the listing only, and changes nothing`() throws {
        let (bench, _) = try archived()
        let manifest = try bench.bytes("manifest.json")
        let run = try bench.sync()
        #expect(run.outcome.newlyArchived == 0)
        #expect(run.outcome.requests == 1)
        #expect(bench.simulator.log().count == 1)
        #expect(try bench.bytes("manifest.json") == manifest)
    }
}
