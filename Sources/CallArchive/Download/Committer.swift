import Dispatch
import Platform
import Synchronization

/// Brings finished parts into the archive, in groups, and settles what failed.
///
/// One serial queue: contents durable → names → folders durable → catalog → events. While one
/// group is on its way the next one gathers.
final class Committer: Sendable {
    enum Item: Sendable {
        case archive(FinishedPart)
        case setback(Setback)
    }

    private struct State {
        var waiting: [Item] = []
        var isScheduled = false
        var error: ArchiveError?
        var lastStart: Int64 = 0
    }

    /// Groups start at least this far apart (ns), so that a round of syncs serves many files.
    private static let interval: Int64 = 400_000_000
    /// More than this many waiting start a group at once.
    private static let largestGroup = 1000
    /// So many may wait before downloads are held back.
    private static let backlog = 4000

    private let archive: ArchiveFolder
    private let catalog: Catalog
    private let observer: any SyncObserver
    private let queue = DispatchQueue(label: "callarchive.committer")
    private let state = Locked(State())
    /// Told of each item's fate, on the committer's queue.
    private let onSettled: @Sendable (Settled) -> Void

    enum Settled: Sendable {
        case archived(bytes: Int64)
        case setback(ArchiveStatus)
        /// Nothing more can be stored.
        case stopped(ArchiveError)
    }

    init(
        archive: ArchiveFolder, catalog: Catalog, observer: any SyncObserver,
        onSettled: @escaping @Sendable (Settled) -> Void
    ) {
        self.archive = archive
        self.catalog = catalog
        self.observer = observer
        self.onSettled = onSettled
    }

    /// Too many wait: downloads should hold back.
    var isBehind: Bool { state.withLock { $0.waiting.count >= Self.backlog } }

    /// The catalog knows of all that was submitted; false after an error, also for what came later.
    var isSettled: Bool { state.withLock { $0.error == nil && $0.waiting.isEmpty } }

    /// Takes an item; from any thread.
    func submit(_ item: Item) {
        let start: Int64? = state.withLock { state in
            state.waiting.append(item)
            if state.isScheduled && state.waiting.count != Self.largestGroup { return nil }
            state.isScheduled = true
            if state.waiting.count >= Self.largestGroup { return 0 }
            return max(0, state.lastStart + Self.interval - MonotonicClock.now())
        }
        guard let start else { return }
        // Weak: a wait that outlives the run mustn't hold the archive and its lock.
        queue.asyncAfter(deadline: .now() + .nanoseconds(Int(start))) { [weak self] in
            self?.drain()
        }
    }

    /// Waits until all that was submitted is settled.
    func finish() {
        queue.sync { drain() }
    }

    private func drain() {
        let (items, error) = state.withLock { state in
            let items = state.waiting
            state.waiting = []
            state.isScheduled = false
            state.lastStart = MonotonicClock.now()
            return (items, state.error)
        }
        // After the first local error nothing is stored any more; the parts and the journal
        // tell the next run of them.
        guard !items.isEmpty, error == nil else { return }
        do throws(ArchiveError) {
            try settle(items)
        } catch {
            state.withLock { $0.error = error }
            onSettled(.stopped(error))
        }
    }

    private func settle(_ items: [Item]) throws(ArchiveError) {
        var setbacks: [Setback] = []
        var parts: [FinishedPart] = []
        parts.reserveCapacity(items.count)
        for item in items {
            switch item {
            case .archive(let part): parts.append(part)
            case .setback(let setback): setbacks.append(setback)
            }
        }
        let now = Timestamp.now()
        var files: [ArchivedFile] = []
        if !parts.isEmpty {
            do throws(SystemCallError) {
                files = try place(parts, &setbacks)
            } catch {
                throw error.stopping("cannot archive recordings in '\(archive.path)'")
            }
        }
        do throws(CatalogError) {
            try catalog.commit(files, at: now)
            try catalog.settle(setbacks, at: now)
            for file in files {
                if observer.wantsEntries, let entry = try catalog.entry(row: file.row) {
                    observer.observe(.recordingArchived(entry))
                }
                onSettled(.archived(bytes: file.bytes))
            }
            for setback in setbacks { try report(setback, now) }
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    private func report(_ setback: Setback, _ now: Timestamp) throws(CatalogError) {
        if let entry = try catalog.entry(row: setback.row), let error = entry.error {
            observer.observe(
                .recordingFailed(id: entry.id, status: setback.status, error: error))
        }
        onSettled(.setback(setback.status))
    }

    private func place(
        _ parts: [FinishedPart], _ setbacks: inout [Setback]
    ) throws(SystemCallError) -> [ArchivedFile] {
        let placement = Placement(archive)
        do throws(SystemCallError) {
            try placement.syncParts(parts.map(\.part))
        } catch {
            // What couldn't be made durable must not be trusted later, though it reads well.
            for part in parts { try? archive.removePart(part.part) }
            throw error
        }
        var files: [ArchivedFile] = []
        files.reserveCapacity(parts.count)
        var names = Set<String>(minimumCapacity: parts.count)
        let plain = parts.map { path(of: $0, collided: false) }
        // An error here comes back at the commit, where it is reported.
        let foldedOnes = plain.map(RecordingName.caseFolded)
        let holders = (try? catalog.holders(ofFolded: foldedOnes)) ?? [:]
        for index in parts.indices {
            let part = parts[index]
            var path = plain[index]
            var folded = foldedOnes[index]
            let isHeld = !holders.isEmpty && holders[folded].map({ $0 != part.id }) ?? false
            if isHeld || !names.insert(folded).inserted {
                path = self.path(of: part, collided: true)
                folded = RecordingName.caseFolded(path)
                names.insert(folded)
            }
            let file = ArchivedFile(
                row: part.row, file: path, bytes: part.bytes, sha256: part.sha256,
                contentType: part.contentType, etag: part.etag, lastModified: part.lastModified,
                audio: part.audio, isNoted: part.isNoted)
            let outcome = try placement.place(.init(part: part.part, file: path))
            if outcome == .taken {
                guard let content = try placement.content(ofFile: path),
                    content.bytes == part.bytes, content.sha256 == part.sha256
                else {
                    try archive.removePart(part.part)
                    setbacks.append(
                        Setback(
                            row: part.row, status: .failed, code: "name-taken",
                            message: "'\(path)' exists with other contents; it is not ours "
                                + "and is never overwritten",
                            attempts: 1))
                    continue
                }
                try placement.adopt(path)
                try archive.removePart(part.part)
            }
            files.append(file)
        }
        try placement.syncFolders()
        return files
    }

    /// Below the archive.
    private func path(of part: FinishedPart, collided: Bool) -> String {
        RecordingName(
            id: part.id, start: part.start, fileExtension: part.audio.container,
            collided: collided, idHash: { Digester.sha256Hex(part.id) }
        ).path
    }
}
