import CatapultSimulator
import FoundationEssentials
import Platform
import Testing

@testable import CallArchive

struct RebuildTests {
    /// Entries without what a manifest rounds: times of ours have whole seconds there.
    private func comparable(_ entries: [ArchiveEntry]) -> [ArchiveEntry] {
        entries.map { entry in
            var entry = entry
            entry.archivedAt = entry.archivedAt.map { .init(milliseconds: $0.seconds * 1000) }
            // And durations have six decimals.
            let duration = entry.audio?.durationSeconds
            entry.audio?.durationSeconds = duration.map { ($0 * 1e6).rounded() / 1e6 }
            let attempt = entry.error?.lastAttemptAt
            entry.error?.lastAttemptAt = attempt.map { .init(milliseconds: $0.seconds * 1000) }
            return entry
        }
    }

    @Test func `the catalog comes back whole from manifest and files`() throws {
        let archive = try SyncedArchive(30) {
            $0.recordings.states = ["saving": 0.1, "error": 0.1]
            $0.recordings.kinds = [.pcm: 1, .mulaw: 1, .mp3: 1]
        }
        let before = comparable(try archive.entries())
        let summary = try archive.read { try $0.summary() }
        let sequence = try archive.read { try $0.listing() }
        try archive.loseCatalog()
        let (outcome, notes) = try archive.rebuild()
        #expect(outcome.manifestRead && !outcome.checksumsRead && outcome.source == "manifest.json")
        #expect(outcome.entries == 30 && outcome.restored == summary.archived)
        #expect(outcome.bytes == summary.bytes && notes.isEmpty && outcome.movedAside == nil)
        #expect(outcome.unknownFiles == 0 && outcome.renumbered == 0)
        #expect(comparable(try archive.entries()) == before)
        #expect(try archive.read { try $0.summary() } == summary)
        let listing = try archive.read { try $0.listing() }
        #expect(listing.isComplete && listing.pages == sequence.pages)
        #expect(archive.names(in: ".callarchive") == ["catalog.sqlite", "lock", "partial"])
        let requests = archive.mediaRequests
        let (synced, warnings) = try archive.sync()
        #expect(synced.newlyArchived == 0 && archive.mediaRequests == requests)
        #expect(warnings.isEmpty)
    }

    @Test func `a rebuilt archive is still its account's alone`() throws {
        let archive = try SyncedArchive(2)
        let owner = try archive.read { try $0.owner() }
        try archive.loseCatalog()
        #expect(try archive.rebuild().0.restored == 2)
        #expect(try archive.read { try $0.owner() } == owner)
        let error = #expect(throws: ArchiveError.self) { try archive.sync(account: "u-other") }
        #expect(error?.kind == .usage)
    }

    @Test func `without a manifest nobody vouches for the account that is given`() throws {
        let archive = try SyncedArchive(2)
        try archive.loseCatalog()
        try archive.remove("manifest.json")
        #expect(try archive.rebuild(account: "u-mistyped").0.restored == 2)
        #expect(try archive.read { try $0.owner() }.account == "")
        #expect(try archive.sync().0.summary.archived == 2)
    }

    @Test func `failures keep their reason and their attempts`() throws {
        let archive = try SyncedArchive(3) { configuration in
            configuration.faults = [try? Fault("media:*:status=403")].compactMap { $0 }
        }
        #expect(archive.mediaRequests == 3)
        let before = comparable(try archive.entries())
        #expect(before.contains { $0.error != nil })
        try archive.loseCatalog()
        #expect(try archive.rebuild().0.restored == 0)
        #expect(comparable(try archive.entries()) == before)
    }

    @Test func `a file that is missing or differs is fetched again`() throws {
        let archive = try SyncedArchive()
        let files = try (0..<3).map { try archive.file($0) }
        try archive.remove(files[0])
        try archive.flip(files[1])
        try archive.write(Data([1]), to: files[2])
        try archive.loseCatalog()
        let (outcome, notes) = try archive.rebuild()
        #expect(outcome.restored == 9 && outcome.missing == 1 && outcome.damaged == 2)
        #expect(outcome.entries == 12 && notes.count == 3)
        #expect(notes.contains { $0.contains(files[0]) && $0.contains("is missing") })
        #expect(archive.names(in: ".callarchive/damaged").count == 2)
        #expect(try archive.read { try $0.summary() }.pending == 3)
        let requests = archive.mediaRequests
        #expect(try archive.sync().0.newlyArchived == 3)
        #expect(archive.mediaRequests == requests + 3)
        // Numbers already given are not given again.
        let sequences = try archive.entries().compactMap(\.sequence)
        #expect(Set(sequences).count == 12 && sequences.count { $0 > 12 } == 3)
    }

    @Test func `a number that may have been given is not given again`() throws {
        let archive = try SyncedArchive(2)
        let manifest = try archive.bytes("manifest.json")
        let sums = try archive.bytes("SHA256SUMS")
        archive.simulator.update(
            RecordingPatch(id: "late-1", state: "complete"))
        #expect(try archive.sync().0.newlyArchived == 1)
        // As when the run had been killed before it wrote them.
        try archive.write(manifest, to: "manifest.json")
        try archive.write(sums, to: "SHA256SUMS")
        try archive.loseCatalog()
        let (outcome, notes) = try archive.rebuild()
        #expect(outcome.unknownFiles == 1 && outcome.entries == 2)
        #expect(notes.count == 1 && notes[0].contains("late-1"))
        // It is there with the same bytes, so that it is adopted under its name.
        #expect(try archive.sync().0.newlyArchived == 1)
        let late = try archive.entries().first { $0.id == "late-1" }
        #expect(try #require(late?.sequence) > 3)
        #expect(try archive.verify().findings.isEmpty)
    }

    @Test func `nor is one that a file got which was fetched again`() throws {
        let archive = try SyncedArchive(4)
        let manifest = try archive.bytes("manifest.json")
        for place in 0..<3 { try archive.remove(try archive.file(place)) }
        #expect(try archive.sync().0.newlyArchived == 3)
        let given = try archive.entries().compactMap(\.sequence).max() ?? 0
        // As when the run had been killed before it wrote it.
        try archive.write(manifest, to: "manifest.json")
        try archive.loseCatalog()
        #expect(try archive.rebuild().0.restored == 4)
        archive.simulator.update(RecordingPatch(id: "late-1", state: "complete"))
        #expect(try archive.sync().0.newlyArchived == 1)
        let late = try archive.entries().first { $0.id == "late-1" }
        #expect(try #require(late?.sequence) > given)
    }

    @Test func `the old catalog is moved aside, never deleted`() throws {
        let archive = try SyncedArchive(2)
        let old = try archive.bytes(".callarchive/catalog.sqlite")
        let (outcome, _) = try archive.rebuild()
        let aside = try #require(outcome.movedAside)
        #expect(aside.hasPrefix(".callarchive/catalog.sqlite.damaged-"))
        #expect(try archive.bytes(aside) == old)
        // Again, in the same second maybe.
        #expect(try archive.rebuild().0.movedAside != aside)
    }

    @Test func `without a manifest SHA256SUMS and the names tell`() throws {
        let archive = try SyncedArchive(6)
        archive.simulator.update(
            RecordingPatch(id: "odd/id é", state: "complete", omit: ["startTime"]),
            RecordingPatch(id: String(repeating: "x", count: 300), state: "complete"))
        try archive.sync()
        let before = try archive.entries()
        #expect(before.count == 8)
        try archive.flip(try archive.file(0))
        try archive.remove("manifest.json")
        try archive.loseCatalog()
        #expect(throws: ArchiveError.self) { try archive.rebuild() }
        let (outcome, notes) = try archive.rebuild(account: "u-simulated")
        #expect(outcome.checksumsRead && !outcome.manifestRead && outcome.source == "SHA256SUMS")
        #expect(outcome.restored == 6 && outcome.damaged == 1 && outcome.unknownFiles == 1)
        #expect(outcome.renumbered == 6)
        #expect(notes.contains { $0.contains("whole id") })
        let after = try archive.entries()
        for entry in after where entry.status == .archived {
            let was = try #require(before.first { $0.id == entry.id })
            #expect(entry.file == was.file && entry.sha256 == was.sha256)
            #expect(entry.bytes == was.bytes && entry.audio == was.audio)
            #expect(entry.archivedAt != nil && entry.listed)
        }
        #expect(after.first { $0.id == "odd/id é" }?.status == .archived)
        #expect(after.filter { $0.status == .waiting }.count == 1)
        // The next sync fetches the altered one, and adopts the one with the cut name.
        #expect(try archive.sync().0.newlyArchived == 2)
        let entries = try archive.entries()
        #expect(entries.count == 8 && entries.allSatisfy { $0.status == .archived })
        #expect(try archive.verify().findings.isEmpty)
    }

    @Test func `a torn manifest is used as far as it goes, then SHA256SUMS`() throws {
        let archive = try SyncedArchive(6)
        let manifest = try archive.bytes("manifest.json")
        try archive.write(manifest.prefix(manifest.count * 2 / 3), to: "manifest.json")
        try archive.loseCatalog()
        let (outcome, _) = try archive.rebuild()
        #expect(outcome.manifestTorn?.contains("ends too early") == true)
        #expect(outcome.source == "manifest.json and SHA256SUMS")
        #expect(outcome.restored == 6 && outcome.renumbered > 0 && outcome.renumbered < 6)
        #expect(archive.names(in: ".callarchive/damaged") == ["manifest.json"])
        #expect(try archive.sync().0.newlyArchived == 0)
    }

    @Test func `from files alone nothing is trusted, and nothing is touched`() throws {
        let archive = try SyncedArchive(3)
        try archive.remove("manifest.json")
        try archive.remove("SHA256SUMS")
        try archive.loseCatalog()
        let (outcome, notes) = try archive.rebuild(account: "u-simulated")
        #expect(outcome.source == "nothing" && outcome.entries == 0)
        #expect(outcome.unknownFiles == 3 && notes.isEmpty)
        #expect(outcome.notKnown.count == 1)
        // Same bytes under the same names: adopted.
        #expect(try archive.sync().0.newlyArchived == 3)
        #expect(try archive.verify().findings.isEmpty)
    }

    @Test func `a manifest's lies lead nowhere`() throws {
        let archive = try SyncedArchive(3)
        var text = String(decoding: try archive.bytes("manifest.json"), as: UTF8.self)
        let files = try (0..<3).map { try archive.file($0) }
        let ids = try archive.entries().map(\.id)
        text = text.replacing("\"\(files[0])\"", with: "\"recordings/../../outside.wav\"")
        text = text.replacing("\"\(files[1])\"", with: "\"\(files[2])\"")
        text = text.replacing("{\"id\":\"\(ids[0])\"", with: "{\"id\":7},{\"id\":\"\(ids[0])\"")
        try archive.write(Data(text.utf8), to: "manifest.json")
        try archive.write(Data([1]), to: "../outside.wav")
        try archive.loseCatalog()
        let (outcome, _) = try archive.rebuild()
        #expect(outcome.entries == 3 && outcome.unusable >= 1)
        #expect(archive.exists("../outside.wav"))
        #expect(try archive.sync().0.summary.archived == 3)
        #expect(try archive.verify().findings.isEmpty)
    }

    @Test func `the new catalog belongs to the manifest's account at once`() throws {
        let archive = try SyncedArchive(2)
        _ = try archive.rebuild()
        #expect(try archive.read { try $0.owner().account } == "u-simulated")
        let error = #expect(throws: ArchiveError.self) { try archive.sync(account: "u-other") }
        #expect(error?.kind == .usage && error?.why.contains("u-simulated") == true)
    }

    @Test(arguments: ["manifest.json", "SHA256SUMS"])
    func `what was rebuilt is verified round and round, and repaired`(source: String) throws {
        let archive = try SyncedArchive(4)
        if source == "SHA256SUMS" { try archive.remove("manifest.json") }
        _ = try archive.rebuild(account: "u-simulated")
        let files = try (0..<4).map { try archive.file($0) }
        for file in files { try archive.flip(file) }
        var seen: [String] = []
        for _ in 0..<2 {
            seen += try archive.verify { $0.sample = 0.5 }.findings.map(\.file)
        }
        #expect(seen.sorted() == files.sorted())
        #expect(try archive.verify { $0.repair = true }.0.repaired == 4)
        // The manifest that the repair wrote doesn't stand in the way of another rebuild.
        try archive.loseCatalog()
        #expect(try archive.rebuild(account: "u-simulated").0.entries == 4)
        #expect(try archive.sync().0.newlyArchived == 4)
    }

    @Test(arguments: ["manifest.json", "SHA256SUMS"])
    func `files that were moved by hand are put back`(source: String) throws {
        let archive = try SyncedArchive(60)
        // In the middle, where a day is whole, whatever the time is now.
        let first = try archive.file(30)
        let moved = try archive.moveDay(of: first, to: "recordings/2001/01/01")
        let altered = "recordings/2001/01/01/" + (first.split(separator: "/").last ?? "")
        try archive.flip(altered)
        let other = source == "SHA256SUMS" ? "manifest.json" : "SHA256SUMS"
        try archive.remove(other)
        try archive.loseCatalog()
        let (outcome, notes) = try archive.rebuild(account: "u-simulated")
        #expect(moved.count > 1 && outcome.putBack == moved.count - 1)
        #expect(outcome.missing == 1 && outcome.unknownFiles == 1)
        #expect(notes.contains { $0.contains("is back in its place") })
        #expect(moved.allSatisfy { archive.exists($0) == ($0 != first) } && archive.exists(altered))
        let requests = archive.mediaRequests
        #expect(try archive.sync().0.newlyArchived == 1)
        #expect(archive.mediaRequests == requests + 1)
        #expect(try archive.verify().findings.map(\.file) == [altered])
    }

    @Test func `what the sources could not tell is said`() throws {
        let archive = try SyncedArchive(3)
        try archive.sync(transcriptions: true)
        #expect(try archive.rebuild().0.notKnown.isEmpty)
        try archive.remove("manifest.json")
        let (outcome, notes) = try archive.rebuild(account: "u-simulated")
        let texts = outcome.unknownTexts
        #expect(texts > 0 && outcome.unknownFiles == texts && notes.isEmpty)
        let said = outcome.notKnown.joined(separator: "\n")
        for words in [
            "of 3 recordings comes back", "but for content type and ETag", "were not archived",
            "doesn't tell of transcriptions, \(texts) files here",
        ] {
            #expect(said.contains(words), "\(words)")
        }
        #expect(try archive.sync(transcriptions: true).0.newlyArchived == 0)
        #expect(try archive.verify().findings.isEmpty)
    }

    @Test func `an interrupted rebuild leaves the old catalog in its place`() throws {
        let archive = try SyncedArchive(3)
        let old = try archive.bytes(".callarchive/catalog.sqlite")
        let run = RebuildRun(archive: archive.path, account: nil)
        run.interrupt()
        #expect(throws: ArchiveError.self) { try run.run { _ in } }
        #expect(try archive.bytes(".callarchive/catalog.sqlite") == old)
        #expect(archive.names(in: ".callarchive") == ["catalog.sqlite", "lock", "partial"])
    }

    @Test func `another account or schema is refused`() throws {
        let archive = try SyncedArchive(1)
        let error = #expect(throws: ArchiveError.self) {
            try archive.rebuild(account: "u-other")
        }
        #expect(error?.kind == .usage && error?.why.contains("u-simulated") == true)
        let text = String(decoding: try archive.bytes("manifest.json"), as: UTF8.self)
        let newer = text.replacing("callarchive.manifest/1", with: "callarchive.manifest/2")
        try archive.write(Data(newer.utf8), to: "manifest.json")
        let refused = #expect(throws: ArchiveError.self) { try archive.rebuild() }
        #expect(refused?.kind == .storage && refused?.why.contains("manifest/2") == true)
    }

    @Test func `where no archive is, none is made`() throws {
        let archive = try SyncedArchive(1)
        for path in [archive.path + "/none", archive.path + "/recordings"] {
            let error = #expect(throws: ArchiveError.self) {
                try RebuildRun(archive: path, account: "u-1").run { _ in }
            }
            #expect(error?.kind == .usage)
        }
        #expect(!archive.exists("none") && !archive.exists("recordings/.callarchive"))
    }
}
