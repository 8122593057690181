import Platform

/// Looks whether each archived file still lies where the catalog says, with its size.
///
/// One `stat` a file. What is missing or of another size becomes due again and is said; a missing
/// one that lies elsewhere below `recordings/` is put back. Where that can't be told any more, it
/// stays as it is for the next run.
struct Reconciler {
    private static let slice = 1000
    /// Lines about single files; beyond that one tells how many there were.
    private static let most = 20

    let archive: ArchiveFolder
    let catalog: Catalog
    let observer: any SyncObserver

    /// `requeued` hears how many became due; `isCancelled` ends it early, `isOver` the search for
    /// moved files.
    func run(
        isCancelled: @escaping @Sendable () -> Bool,
        isOver: @escaping @Sendable () -> Bool = { false }, requeued: (Int) -> Void
    ) throws(ArchiveError) {
        var last: Int64 = 0
        let strays = StrayFiles(archive, isCancelled: { isCancelled() || isOver() })
        var count = 0
        var moved = 0
        let look = FileLook(archive)
        defer {
            let more = count - Self.most
            if more > 0 {
                warn(
                    "\(counted(more, "more file")) \(more == 1 ? "is" : "are") missing or "
                        + "altered, and downloaded again")
            }
            if moved > Self.most {
                warn("\(counted(moved - Self.most, "more file")) put back in their places")
            }
        }
        while !isCancelled() {
            let files: [KnownFile]
            do throws(CatalogError) {
                files = try catalog.files(after: last, limit: Self.slice)
            } catch {
                throw error.stopping(archive: archive.path)
            }
            guard let end = files.last else { return }
            last = end.row
            var lost: [Int64] = []
            var isDecided = true
            for file in files {
                let status = try look.status(ofFile: file.file)
                if let status, status.kind == .file, status.size == file.bytes { continue }
                if status == nil {
                    switch try putBack(file, strays) {
                    case .moved(let path, _):
                        moved += 1
                        if moved <= Self.most {
                            warn("'\(file.file)' lay at '\(path)'; it is back in its place")
                        }
                        continue
                    case .undecided: isDecided = false
                    case .absent: break
                    }
                    if !isDecided { break }
                }
                lost.append(file.row)
                let found =
                    status.map { "has \(counted($0.size, "byte")), not \(file.bytes)" }
                    ?? "is missing"
                count += 1
                if count <= Self.most { warn("'\(file.file)' \(found); it is downloaded again") }
                if status != nil { try moveAside(file.file) }
            }
            do throws(CatalogError) {
                try catalog.requeue(lost)
            } catch {
                throw error.stopping(archive: archive.path)
            }
            if !lost.isEmpty { requeued(lost.count) }
            if !isDecided { return }
        }
    }

    private func putBack(
        _ file: KnownFile, _ strays: StrayFiles
    ) throws(ArchiveError) -> StrayFiles.Outcome {
        let entry: ArchiveEntry?
        do throws(CatalogError) {
            entry = try catalog.entry(row: file.row)
        } catch {
            throw error.stopping(archive: archive.path)
        }
        guard let sha256 = entry?.sha256.flatMap(Hex.bytes) else { return .absent }
        return try strays.putBack(FileJob(file: file.file, bytes: file.bytes, sha256: sha256))
    }

    private func warn(_ text: String) { observer.observe(.notice(.warning, text)) }

    /// What was altered is kept, but not under a name that the recording needs.
    private func moveAside(_ file: String) throws(ArchiveError) {
        do throws(SystemCallError) {
            try archive.moveToDamaged(file)
        } catch {
            throw error.stopping("cannot move '\(file)' aside")
        }
    }
}
