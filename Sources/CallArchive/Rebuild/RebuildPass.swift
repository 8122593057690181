import Glibc
import Platform

/// Fills a new catalog, a batch at a time, with what is proven by the files' own bytes.
///
/// Confined to one thread.
final class RebuildPass {
    static let batchSize = 1000
    /// Lines about single files; beyond that the numbers at the end tell.
    private static let most = 20

    private let archive: ArchiveFolder
    private let tree: ArchiveTree
    private let catalog: Catalog
    private let checkers: FileCheckers
    private let strays: StrayFiles
    private let isCancelled: @Sendable () -> Bool
    private let say: (String) -> Void
    private var said = 0
    private(set) var outcome = RebuildOutcome()
    /// Of all entries that were read, also of those whose files are lost.
    private(set) var highestSequence: Int64 = 0

    init(
        archive: ArchiveFolder, catalog: Catalog, isCancelled: @escaping @Sendable () -> Bool,
        say: @escaping (String) -> Void
    ) throws(ArchiveError) {
        self.archive = archive
        self.catalog = catalog
        self.isCancelled = isCancelled
        self.say = say
        tree = try ArchiveTree(path: archive.path, kernel: archive.kernel)
        checkers = FileCheckers(tree)
        strays = StrayFiles(archive, isCancelled: isCancelled)
    }

    /// The manifest's entries: archived ones are looked at, the others taken as they are.
    func enter(_ entries: [ArchiveEntry]) throws(ArchiveError) {
        var entries = entries
        highestSequence = entries.compactMap(\.sequence).reduce(highestSequence, max)
        let claims = entries.indices.compactMap { index in
            Self.job(entries[index]).map { (index, $0) }
        }
        let results = try check(claims.map(\.1))
        for (place, result) in results.enumerated() {
            try judge(&entries[claims[place].0], result)
        }
        for index in entries.indices where entries[index].status == .archived {
            // It claims to be archived, and doesn't say as what.
            if Self.job(entries[index]) == nil {
                note(
                    "the entry of '\(entries[index].id)' names no file and checksum that can be used"
                )
                outcome.missing += 1
                entries[index] = Self.unarchived(entries[index])
            }
        }
        try judgeTexts(&entries)
        try restore(entries)
    }

    private static func job(_ entry: ArchiveEntry) -> FileJob? {
        guard entry.status == .archived, let file = entry.file, ArchiveTree.isPlausible(file),
            let bytes = entry.bytes, let sha256 = entry.sha256.flatMap(Hex.bytes),
            sha256.count == 32
        else { return nil }
        return FileJob(file: file, bytes: bytes, sha256: sha256)
    }

    private func judge(_ entry: inout ArchiveEntry, _ result: FileCheck) throws(ArchiveError) {
        let file = entry.file ?? ""
        switch result {
        case .intact: return
        case .missing:
            outcome.missing += 1
            note("'\(file)' is missing")
        case .size(let size):
            try moveAside(file, "has \(counted(size, "byte")), not \(entry.bytes ?? 0)")
        case .hash: try moveAside(file, "has another SHA-256 than the manifest says")
        case .unreadable(let reason): try moveAside(file, "cannot be read: \(reason)")
        }
        entry = Self.unarchived(entry)
    }

    /// So that the recording can be fetched again: its name must be free.
    func moveAside(_ file: String, _ why: String) throws(ArchiveError) {
        outcome.damaged += 1
        do throws(SystemCallError) {
            let target = try archive.moveToDamaged(file)
            note("'\(file)' \(why); moved to '\(target)'")
        } catch {
            guard error.errno == ENOENT || error.errno == ENOTDIR else {
                throw error.stopping("cannot move '\(file)' aside")
            }
            note("'\(file)' \(why)")
        }
    }

    /// What the entry is without its file.
    static func unarchived(_ entry: ArchiveEntry) -> ArchiveEntry {
        let recording = Recording(
            id: entry.id, state: RecordingState(word: entry.state), startTime: entry.startTime,
            endTime: entry.endTime, call: entry.call, media: entry.media)
        var bare = ArchiveEntry(
            id: entry.id, status: StatusRule.status(of: recording, known: nil),
            listed: entry.listed)
        bare.state = entry.state
        bare.startTime = entry.startTime
        bare.endTime = entry.endTime
        bare.call = entry.call
        bare.media = entry.media
        bare.callDetails = entry.callDetails
        bare.transcription = entry.transcription
        bare.extras = entry.extras
        if bare.status == .unavailable {
            let (code, message) = StatusRule.unavailability(of: recording)
            bare.error = FailureRecord(code: code, message: message, attempts: 0)
        }
        return bare
    }

    private func restore(_ entries: [ArchiveEntry]) throws(ArchiveError) {
        do throws(CatalogError) {
            let results = try catalog.restore(entries)
            var losers: [ArchiveEntry] = []
            for (entry, result) in zip(entries, results) {
                switch result {
                case .entered: count(entry)
                case .repeated:
                    outcome.unusable += 1
                    note("'\(entry.id)' is named twice")
                case .conflicting: losers.append(entry)
                }
            }
            for entry in losers { try restoreLoser(entry) }
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    /// An entry whose file or number is another one's: its file may still be its own.
    private func restoreLoser(_ entry: ArchiveEntry) throws(CatalogError) {
        var unnumbered = entry
        unnumbered.sequence = nil
        if try catalog.restore([unnumbered]) == [.entered] { return count(unnumbered) }
        outcome.unusable += 1
        note("'\(entry.id)' claims the file of another recording")
        let bare = Self.unarchived(entry)
        if try catalog.restore([bare]) == [.entered] { count(bare) }
    }

    private func count(_ entry: ArchiveEntry) {
        outcome.entries += 1
        if entry.status == .archived {
            outcome.restored += 1
            outcome.bytes += entry.bytes ?? 0
        }
    }

    func check(_ jobs: [FileJob]) throws(ArchiveError) -> [FileCheck] {
        let results: [FileCheck?]
        do throws(SystemCallError) {
            results = try checkers.check(
                jobs, isOver: { false }, isCancelled: isCancelled)
        } catch {
            throw error.stopping("cannot look at the files of '\(archive.path)'")
        }
        var whole = results.compactMap { $0 }
        guard whole.count == jobs.count else { throw Self.interrupted(archive.path) }
        for index in whole.indices where whole[index] == .missing {
            switch try strays.putBack(jobs[index]) {
            case .moved(let path, let bytes):
                whole[index] = .intact(bytes: bytes)
                outcome.putBack += 1
                note("'\(jobs[index].file)' lay at '\(path)'; it is back in its place")
            case .undecided where isCancelled(): throw Self.interrupted(archive.path)
            case .undecided, .absent: break
            }
        }
        return whole
    }

    static func interrupted(_ archive: String) -> ArchiveError {
        ArchiveError(
            .storage, "cannot rebuild the catalog of '\(archive)'", why: "it was interrupted",
            hint: "run it again; it begins anew")
    }

    /// An entry or line that names no recording.
    func skipEntry() {
        outcome.unusable += 1
    }

    func note(_ text: String) {
        said += 1
        if said <= Self.most { say(text) }
        if said == Self.most + 1 { say("more files are like these") }
    }
}

// MARK: - Without a manifest

extension RebuildPass {
    /// Lines of SHA256SUMS, for files that the catalog doesn't know yet.
    func enter(_ lines: [ChecksumLine]) throws(ArchiveError) {
        var found: [(entry: ArchiveEntry, job: FileJob)] = []
        for line in lines {
            guard ArchiveTree.isPlausible(line.file), let sha256 = Hex.bytes(line.sha256) else {
                outcome.unusable += 1
                continue
            }
            guard let name = RecordingName.decode(path: line.file) else {
                note("'\(line.file)' does not tell its recording's whole id; it is left there")
                continue
            }
            if try isKnown(name.id) { continue }
            // As yet nobody said what the provider has.
            var entry = ArchiveEntry(id: name.id, status: .waiting)
            entry.startTime = name.start?.iso8601
            found.append((entry, FileJob(file: line.file, bytes: nil, sha256: sha256)))
        }
        let results = try check(found.map(\.job))
        var entries: [ArchiveEntry] = []
        for ((entry, job), result) in zip(found, results) {
            var entry = entry
            if case .intact(let bytes) = result {
                try describe(&entry, job, bytes)
                outcome.provenByChecksum += 1
            } else {
                entry.file = job.file
                try judge(&entry, result)
            }
            entries.append(entry)
        }
        try restore(entries)
    }

    private func isKnown(_ id: String) throws(ArchiveError) -> Bool {
        do throws(CatalogError) {
            return try catalog.entry(id: id) != nil
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    /// What an intact file says of itself; it was archived at the latest when it was last changed.
    private func describe(
        _ entry: inout ArchiveEntry, _ job: FileJob, _ bytes: Int64
    ) throws(ArchiveError) {
        entry.status = .archived
        entry.state = RecordingState.complete.word
        entry.file = job.file
        entry.bytes = bytes
        entry.sha256 = Hex.text(job.sha256)
        do throws(SystemCallError) {
            guard let file = try archive.openFile(job.file) else { return }
            let modified = try archive.kernel.status(of: file.number, naming: job.file).modified
            entry.archivedAt = Timestamp(milliseconds: modified / 1_000_000)
            let source = FileBytes(file, size: bytes, archive.kernel, job.file)
            if case .accepted(let audio, _) = try AudioInspector.inspect(source) {
                entry.audio = audio
            }
        } catch {
            throw error.stopping("cannot look at '\(job.file)'")
        }
    }

    /// Counts the files that nothing told of, and names the first ones of those that `isNamed`.
    func countUnknownFiles(_ isNamed: (_ isText: Bool) -> Bool) throws(ArchiveError) {
        try tree.forEachItem { item throws(ArchiveError) in
            do throws(CatalogError) {
                if try !catalog.knows(file: item.path) {
                    outcome.unknownFiles += 1
                    let isText = item.path.hasSuffix(".txt")
                    if isText { outcome.unknownTexts += 1 }
                    guard isNamed(isText) else { return !isCancelled() }
                    note("'\(item.path)' is not known; it is left where it is")
                }
            } catch {
                throw error.stopping(archive: archive.path)
            }
            return !isCancelled()
        }
        if isCancelled() { throw Self.interrupted(archive.path) }
    }

    func finish(_ change: (inout RebuildOutcome) -> Void) -> RebuildOutcome {
        change(&outcome)
        return outcome
    }
}
