import CatapultSimulator
import FoundationEssentials
import Glibc
import Platform
import Testing

@testable import CallArchive

/// The folder itself: modes, links that were planted, the lock.
struct ArchiveFolderTests {
    private static func mode(_ path: String) -> UInt32? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : nil
    }

    @Test func `folders are 0700 and files 0600, all of them`() throws {
        let mask = umask(0)
        umask(mask)
        let bench = try SyncBench(count: 2)
        #expect(try bench.sync().archivedCount == 2)
        let below = try FileManager.default.subpathsOfDirectory(atPath: bench.path)
        #expect(below.count > 8)
        for path in [""] + below {
            let mode = try #require(Self.mode(bench.path + "/" + path))
            let expected: UInt32 = mode & S_IFMT == S_IFDIR ? 0o700 : 0o600
            #expect(mode & 0o777 == expected, "\(path)")
        }
        let expected: Set = [".callarchive", "recordings", "manifest.json", "SHA256SUMS"]
        let top = try FileManager.default.contentsOfDirectory(atPath: bench.path)
        #expect(Set(top) == expected)
        let control = try FileManager.default.contentsOfDirectory(
            atPath: bench.path + "/.callarchive")
        #expect(Set(control) == ["catalog.sqlite", "lock", "partial"])
    }

    @Test(arguments: [
        ".callarchive", ".callarchive/partial", "recordings", "recordings/2023",
        "recordings/2023/10", ".callarchive/lock", ".callarchive/catalog.sqlite",
    ])
    func `a link where a folder or file of ours belongs is not followed`(_ place: String) throws {
        let bench = try SyncBench(count: 2)
        // Recordings of one month, so that the folders are known.
        for number in 1...2 {
            bench.simulator.update(
                RecordingPatch(
                    id: "r-00000\(number)", startTime: 1_697_000_000_000 + Int64(number)))
        }
        let outside = bench.scratch.path + "/outside"
        let isFile = place.hasSuffix("lock") || place.hasSuffix("sqlite")
        if isFile {
            try bench.scratch.file("outside", Array("mine".utf8))
        } else {
            try FileManager.default.createDirectory(
                atPath: outside, withIntermediateDirectories: false)
        }
        let link = bench.path + "/" + place
        let parent = link.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        try FileManager.default.createDirectory(
            atPath: parent.joined(separator: "/"), withIntermediateDirectories: true)
        #expect(symlink(outside, link) == 0)

        var error: ArchiveError?
        do {
            error = try bench.sync().outcome.error
        } catch {
            #expect((error as? ArchiveError)?.kind == .storage, "\(error)")
        }
        #expect(error == nil || error?.kind == .storage)
        if isFile {
            #expect(try SyncBench.read(outside) == Array("mine".utf8))
        } else {
            #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
        }

        // With the link gone all is well again.
        #expect(unlink(link) == 0)
        #expect(try bench.sync().archivedCount == 2)
        #expect(bench.parts() == [])
    }

    @Test func `links in the place of a part or of a recording are not written through`() throws {
        let bench = try SyncBench(count: 2)
        bench.archiveName = "other"
        let known = try bench.sync()
        let file = try #require(known.entries["r-000001"]?.file)
        bench.archiveName = "archive"
        let outside = try bench.scratch.file("outside", Array("mine".utf8))
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        for path in [folder, ".callarchive/partial"] {
            try FileManager.default.createDirectory(
                atPath: bench.path + "/" + path, withIntermediateDirectories: true)
        }
        let part = ArchiveFolder.partName(for: "r-000002")
        for link in [file, ".callarchive/partial/\(part)", ".callarchive/partial/journal"] {
            #expect(symlink(outside, bench.path + "/" + link) == 0)
        }
        let run = try bench.sync()
        #expect(run.status("r-000001") == .failed)
        #expect(run.code("r-000001") == "name-taken")
        #expect(run.status("r-000002") == .archived)
        #expect(try SyncBench.read(outside) == Array("mine".utf8))
        #expect(bench.parts() == [])
    }

    @Test func `a second holder is refused and told who holds it`() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/archive"
        let first = try ArchiveFolder(path: path)
        let error = #expect(throws: ArchiveError.self) { try ArchiveFolder(path: path) }
        #expect(error?.kind == .locked)
        #expect(error?.why.contains("pid \(getpid()) on ") == true)
        let waited = #expect(throws: ArchiveError.self) {
            try ArchiveFolder(path: path, lockWait: .milliseconds(150))
        }
        #expect(waited?.kind == .locked)
        // Waiting ends when the run is interrupted.
        let cancelled = #expect(throws: ArchiveError.self) {
            try ArchiveFolder(path: path, lockWait: .seconds(600), isCancelled: { true })
        }
        #expect(cancelled?.kind == .locked)
        withExtendedLifetime(first) {}
    }

    @Test func `a lock is free again when its holder is gone`() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/archive"
        do {
            _ = try ArchiveFolder(path: path)
        }
        _ = try ArchiveFolder(path: path)
    }

    @Test func `a file or a dangling link in the archive's place is said to be that`() throws {
        let scratch = try ScratchFolder()
        let file = try scratch.file("file", [1])
        let link = scratch.path + "/link"
        #expect(symlink(scratch.path + "/nowhere", link) == 0)
        for path in [file, link, file + "/below"] {
            let error = #expect(throws: ArchiveError.self) { try ArchiveFolder(path: path) }
            #expect(error?.kind == .storage)
            #expect(error?.what.contains(path) == true)
            #expect(error?.hint?.isEmpty == false)
        }
        #expect(try SyncBench.read(file) == [1])
    }
}
