import Glibc
import Platform
import Synchronization

/// Mends what a killed run left in the folder of partials, before anything new starts.
///
/// | found | done |
/// |---|---|
/// | a part that the journal calls whole, bytes agree | committed, not fetched again |
/// | no part, but the file has its final name, bytes agree | entered in the catalog |
/// | a part with validators, in the journal or the catalog | kept, to be resumed |
/// | anything else | removed |
///
/// Hashing comes first: interrupted in it, everything is left to the next start as it was found.
struct Recovery {
    let archive: ArchiveFolder
    let catalog: Catalog
    let observer: any SyncObserver
    var isCancelled: () -> Bool = { false }

    /// What came into the archive without being fetched again.
    struct Recovered {
        var count = 0
        var bytes: Int64 = 0
        /// Nothing was mended.
        var isInterrupted = false
    }

    func run() throws(ArchiveError) -> Recovered {
        let names: Set<String>
        let lines: [String: JournalLine]
        do throws(SystemCallError) {
            names = Set(try archive.partialNames())
            if names.isEmpty { return Recovered() }
            // A folder that was made just before the end may lack its durable name, and nothing
            // that finds it there would ask again.
            try archive.kernel.syncFileSystem(archive.root.number, naming: archive.path)
            lines = try PartJournal.read(archive) { line in
                names.contains(line.part) || line.sha256 != nil && !isArchived(line.id)
            }
        } catch {
            throw stopping(error)
        }
        var kept: Set<String> = []
        var finished: [FinishedPart] = []
        var adopted: [ArchivedFile] = []
        var partials: [(row: Int64, partial: Partial?)] = []
        for line in lines.values {
            if isCancelled() { break }
            guard let known = try lookUp(line.id), known.entry.status != .archived else { continue }
            if let part = try wholePart(line, known, names) {
                finished.append(part)
            } else if let file = try placedFile(line, known) {
                adopted.append(file)
            } else if names.contains(line.part), line.sha256 == nil {
                partials.append((known.row, line.partial))
                kept.insert(line.part)
            }
        }
        // What was read only in part looks like a part that is no good.
        if isCancelled() { return Recovered(isInterrupted: true) }
        try enter(adopted, partials, &kept)
        try commit(finished)
        for name in names where !kept.contains(name) { try clear(name) }
        return Recovered(
            count: finished.count + adopted.count,
            bytes: finished.reduce(0) { $0 + $1.bytes } + adopted.reduce(0) { $0 + $1.bytes })
    }

    private func clear(_ name: String) throws(ArchiveError) {
        do throws(SystemCallError) {
            try archive.removePart(name)
        } catch {
            // None of ours, and in nobody's way; or, on NFS, what another command has open.
            guard error.errno == EISDIR || error.errno == EPERM || error.errno == EBUSY else {
                throw stopping(error)
            }
            observer.observe(
                .notice(
                    .warning, "'\(archive.partPath(name))' can't be removed: \(error.reason)"))
        }
    }

    private func isArchived(_ id: String) -> Bool {
        // An error comes back at the look-up that follows.
        (try? catalog.entry(id: id))?.entry.status == .archived
    }

    private func lookUp(
        _ id: String
    ) throws(ArchiveError) -> (row: Int64, entry: ArchiveEntry)? {
        do throws(CatalogError) {
            return try catalog.entry(id: id)
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    /// The part, when its bytes are those that the journal notes.
    private func wholePart(
        _ line: JournalLine, _ known: (row: Int64, entry: ArchiveEntry), _ names: Set<String>
    ) throws(ArchiveError) -> FinishedPart? {
        guard let sha256 = line.sha256, let bytes = line.bytes, names.contains(line.part) else {
            return nil
        }
        do throws(SystemCallError) {
            guard let part = try archive.openPart(line.part), part.size == bytes else { return nil }
            let digester = Digester()
            guard try part.hash(into: digester, isCancelled: isCancelled),
                digester.finish() == sha256,
                case .accepted(let audio, _) = try AudioInspector.inspect(PartBytes(part))
            else { return nil }
            return FinishedPart(
                row: known.row, id: line.id,
                start: known.entry.startTime.flatMap(Timestamp.init(iso8601:)), part: line.part,
                bytes: bytes, sha256: sha256, contentType: line.contentType,
                etag: line.partial.etag, lastModified: line.partial.lastModified, audio: audio)
        } catch {
            throw stopping(error)
        }
    }

    /// The file that was renamed just before the end, when its bytes are those of the journal.
    private func placedFile(
        _ line: JournalLine, _ known: (row: Int64, entry: ArchiveEntry)
    ) throws(ArchiveError) -> ArchivedFile? {
        guard let sha256 = line.sha256, let bytes = line.bytes else { return nil }
        let start = known.entry.startTime.flatMap(Timestamp.init(iso8601:))
        do throws(SystemCallError) {
            for collided in [false, true] {
                for fileExtension in ["wav", "mp3"] {
                    let name = RecordingName(
                        id: line.id, start: start, fileExtension: fileExtension,
                        collided: collided, idHash: { Digester.sha256Hex(line.id) })
                    guard
                        let content = try archive.content(
                            ofFile: name.path, isCancelled: isCancelled),
                        content.bytes == bytes, content.sha256 == sha256,
                        (try? catalog.holders(ofFiles: [name.path]))?.isEmpty ?? true,
                        let file = try archive.openFile(name.path),
                        case .accepted(let audio, _) = try AudioInspector.inspect(
                            FileBytes(file, size: bytes, archive.kernel, name.path))
                    else { continue }
                    return ArchivedFile(
                        row: known.row, file: name.path, bytes: bytes, sha256: sha256,
                        contentType: line.contentType, etag: line.partial.etag,
                        lastModified: line.partial.lastModified, audio: audio)
                }
            }
            return nil
        } catch {
            throw stopping(error)
        }
    }

    private func enter(
        _ adopted: [ArchivedFile], _ partials: [(row: Int64, partial: Partial?)],
        _ kept: inout Set<String>
    ) throws(ArchiveError) {
        do throws(CatalogError) {
            try catalog.commit(adopted, at: Timestamp.now())
            try catalog.keepPartials(partials)
            for id in try catalog.idsWithPartials() {
                kept.insert(ArchiveFolder.partName(for: id))
            }
            for file in adopted where observer.wantsEntries {
                if let entry = try catalog.entry(row: file.row) {
                    observer.observe(.recordingArchived(entry))
                }
            }
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    private func commit(_ parts: [FinishedPart]) throws(ArchiveError) {
        guard !parts.isEmpty else { return }
        let failure = Locked<ArchiveError?>(nil)
        let committer = Committer(archive: archive, catalog: catalog, observer: observer) {
            if case .stopped(let error) = $0 { failure.withLock { $0 = error } }
        }
        for part in parts { committer.submit(.archive(part)) }
        committer.finish()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func stopping(_ error: SystemCallError) -> ArchiveError {
        error.stopping("cannot mend the partials of '\(archive.path)'")
    }
}
