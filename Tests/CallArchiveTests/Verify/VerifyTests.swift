import FoundationEssentials
import Testing

@testable import CallArchive

struct VerifyTests {
    @Test func `an archive as it was left has nothing to find`() throws {
        let archive = try SyncedArchive()
        let (outcome, findings) = try archive.verify()
        #expect(findings.isEmpty)
        #expect(outcome.archived == 12 && outcome.checked == 12)
        #expect(outcome.bytes == 12 * 16_384)
        #expect(!outcome.budgetReached && !outcome.isInterrupted)
        #expect(archive.names(in: ".callarchive").contains("catalog.sqlite-wal") == false)
    }

    /// Four files, each hurt in a way of its own, and one that is nobody's.
    private func hurt(_ archive: SyncedArchive) throws -> [String] {
        let files = try (0..<4).map { try archive.file($0) }
        try archive.remove(files[0])
        try archive.write(try archive.bytes(files[1]) + Data([0]), to: files[1])
        try archive.flip(files[2])
        try archive.remove(files[3])
        try FileManager.default.createSymbolicLink(
            atPath: archive.full(files[3]), withDestinationPath: "/etc/hostname")
        try archive.write(Data([1, 2, 3]), to: "recordings/stray.wav")
        return files
    }

    @Test func `each damage is named with what was expected and found`() throws {
        let archive = try SyncedArchive()
        let files = try hurt(archive)
        let entries = try archive.entries()
        let (outcome, findings) = try archive.verify()
        #expect(outcome.damaged == 4 && outcome.unknownFiles == 1 && outcome.repaired == 0)
        let byFile = Dictionary(uniqueKeysWithValues: findings.map { ($0.file, $0) })
        let missing = try #require(byFile[files[0]])
        #expect(missing.problem == .missing && missing.id == entries[0].id)
        #expect(missing.expected == .bytes(16_384) && missing.found == nil)
        let longer = try #require(byFile[files[1]])
        #expect(longer.problem == .size && longer.found == .bytes(16_385))
        let altered = try #require(byFile[files[2]])
        #expect(altered.problem == .hash)
        #expect(altered.expected == .sha256(entries[2].sha256 ?? ""))
        #expect(altered.found != altered.expected && altered.found != nil)
        #expect(byFile[files[3]]?.problem == .unreadable)
        let stray = try #require(byFile["recordings/stray.wav"])
        #expect(stray.problem == .unknownFile && stray.id == nil && stray.found == .bytes(3))
        // Nothing was touched.
        #expect(archive.exists(files[2]) && archive.names(in: ".callarchive/damaged").isEmpty)
    }

    @Test func `what is repaired is fetched again, and the damaged bytes are kept`() throws {
        let archive = try SyncedArchive()
        let files = try hurt(archive)
        let altered = try archive.bytes(files[2])
        let (outcome, findings) = try archive.verify { $0.repair = true }
        #expect(outcome.damaged == 4 && outcome.repaired == 4 && findings.count == 5)
        #expect(!archive.exists(files[1]) && !archive.exists(files[2]))
        #expect(archive.names(in: ".callarchive/damaged").count == 3)
        let name = try #require(files[2].split(separator: "/").last)
        #expect(try archive.bytes(".callarchive/damaged/\(name)") == altered)
        // The manifest tells the truth at once.
        let manifest = String(decoding: try archive.bytes("manifest.json"), as: UTF8.self)
        #expect(manifest.contains(#""archived":8,"waiting":0,"pending":4"#))
        let before = archive.mediaRequests
        let (synced, _) = try archive.sync()
        #expect(synced.newlyArchived == 4 && archive.mediaRequests == before + 4)
        #expect(try archive.verify().findings.map(\.problem) == [.unknownFile])
    }

    @Test func `samples go round until all were looked at, then begin again`() throws {
        let archive = try SyncedArchive()
        let files = try (0..<12).map { try archive.file($0) }
        for file in files { try archive.flip(file) }
        var seen: [String] = []
        for _ in 0..<4 {
            let (outcome, findings) = try archive.verify { $0.sample = 0.25 }
            #expect(outcome.checked == 3 && findings.count == 3 && !outcome.budgetReached)
            seen += findings.map(\.file)
        }
        #expect(seen.sorted() == files.sorted())
        #expect(try archive.verify { $0.sample = 0.001 }.findings.count == 1)
        #expect(try archive.verify { $0.sample = 1 }.findings.count == 12)
    }

    @Test func `each round ends with the transcriptions and the search for unknown files`() throws {
        let archive = try SyncedArchive()
        try archive.sync(transcriptions: true)
        let day = try archive.file(0).prefix { $0 != "T" }
        let text = try #require(
            try archive.entries().compactMap(\.transcription?.file).first { $0.hasPrefix(day) })
        try archive.write(Data("altered".utf8), to: text)
        try archive.write(Data([1]), to: "recordings/stray.wav")
        for _ in 0..<2 {
            for run in 1...4 {
                let (outcome, findings) = try archive.verify { $0.sample = 0.25 }
                #expect(outcome.checked == 3 && !outcome.budgetReached)
                #expect(
                    findings.map(\.file).sorted()
                        == (run < 4 ? [] : [text, "recordings/stray.wav"].sorted()))
            }
        }
        // Half-way, the whole is looked at once, and a round's end lies in it.
        #expect(try archive.verify { $0.sample = 0.5 }.findings.isEmpty)
        let (outcome, findings) = try archive.verify()
        #expect(outcome.checked == 12 && findings.count == 2)
    }

    @Test func `what a round ends with is work left when time is up`() throws {
        let archive = try SyncedArchive(2)
        try archive.write(Data([1]), to: "recordings/stray.wav")
        try archive.read { catalog in
            let last = try #require(try catalog.files(after: 0, limit: 9).last)
            let own = try Catalog(
                path: archive.catalogPath, provider: "catapult", account: "u-simulated")
            try own.setVerifyCursor(.recordings, to: last.row)
            own.close()
        }
        let (outcome, findings) = try archive.verify {
            $0.maxDuration = .nanoseconds(1)
            $0.sample = 1
        }
        #expect(outcome.budgetReached && findings.isEmpty)
        let (next, found) = try archive.verify { $0.sample = 0.5 }
        #expect(next.checked == 1 && found.map(\.problem) == [.unknownFile])
    }

    @Test func `a missing file that lies elsewhere is put back by a repair`() throws {
        let archive = try SyncedArchive()
        let moved = try archive.moveDay(of: try archive.file(0), to: "recordings/tidied/up")
        let requests = archive.mediaRequests
        let (outcome, findings) = try archive.verify { $0.repair = true }
        #expect(outcome.damaged == moved.count && outcome.putBack == moved.count)
        #expect(outcome.repaired == 0)
        #expect(findings.map(\.file) == moved)
        #expect(try archive.verify().findings.isEmpty)
        #expect(try archive.sync().0.newlyArchived == 0 && archive.mediaRequests == requests)
    }

    @Test func `a run whose time is up says so and looks at nothing more`() throws {
        let archive = try SyncedArchive(3)
        try archive.write(Data([1]), to: "recordings/stray.wav")
        let (outcome, findings) = try archive.verify { $0.maxDuration = .nanoseconds(1) }
        #expect(outcome.budgetReached && outcome.checked == 0 && findings.isEmpty)
    }

    @Test func `an interrupted run stops, and the next one goes on from there`() throws {
        let archive = try SyncedArchive(3)
        let verify = Verify(settings: VerifySettings(archive: archive.path))
        verify.interrupt()
        let outcome = try verify.run { _ in }
        #expect(outcome.isInterrupted && outcome.checked == 0)
        #expect(try archive.verify().0.checked == 3)
    }

    @Test func `a linked folder is not walked, its files are not read`() throws {
        let archive = try SyncedArchive(2)
        try archive.move("recordings", to: "elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: archive.full("recordings"), withDestinationPath: "elsewhere")
        let (outcome, findings) = try archive.verify()
        #expect(outcome.damaged == 2 && outcome.bytes == 0)
        #expect(Set(findings.map(\.problem)) == [.unreadable, .unknownFile])
    }

    @Test func `a repair waits for nobody who holds the archive`() throws {
        let archive = try SyncedArchive(1)
        let folder = try ArchiveFolder(path: archive.path)
        // Looking goes on beside a run.
        #expect(try archive.verify().0.checked == 1)
        let error = #expect(throws: ArchiveError.self) {
            try archive.verify { $0.repair = true }
        }
        #expect(error?.kind == .locked)
        withExtendedLifetime(folder) {}
    }

    @Test func `where no archive is, none is made`() throws {
        let archive = try SyncedArchive(1)
        for path in [archive.path + "/none", archive.path + "/recordings"] {
            let error = #expect(throws: ArchiveError.self) {
                try Verify(settings: VerifySettings(archive: path)).run { _ in }
            }
            #expect(error?.kind == .usage)
            #expect(error?.what == "there is no archive at '\(path)'")
        }
        #expect(!archive.exists("none") && !archive.exists("recordings/.callarchive"))
        try archive.loseCatalog()
        let error = #expect(throws: ArchiveError.self) { try archive.verify() }
        #expect(error?.kind == .storage && error?.hint?.contains("callarchive rebuild") == true)
    }
}
