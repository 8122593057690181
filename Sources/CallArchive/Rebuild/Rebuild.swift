import Glibc
import Platform

/// Makes the catalog anew from the manifest, SHA256SUMS and the files themselves.
///
/// A file is trusted only when its bytes have the SHA-256 that is written down for it. The old
/// catalog is moved aside, never deleted; nothing changes when the rebuild doesn't reach its end,
/// but that altered files lie in `.callarchive/damaged`, and moved ones in their places, already. The manifest is left as it is:
/// the next sync writes a new one. Runs on the calling thread, under the archive's lock.
struct Rebuild {
    let archive: ArchiveFolder
    let provider: String
    /// nil: the manifest's.
    let account: String?
    let isCancelled: @Sendable () -> Bool
    /// Hears of single files.
    let say: (String) -> Void

    /// Whether anything is there to rebuild from.
    static func hasSource(_ archive: ArchiveFolder) throws(ArchiveError) -> Bool {
        for name in [ManifestWriter.manifestName, ManifestWriter.checksumsName] {
            if let status = try archive.status(ofFile: name), status.kind == .file,
                status.size > 0
            {
                return true
            }
        }
        return false
    }

    func run() throws(ArchiveError) -> RebuildOutcome {
        let replacement = CatalogReplacement(archive)
        do throws(ArchiveError) {
            return try fill(replacement)
        } catch {
            // What is left over is harmless and goes with the next rebuild.
            try? replacement.discard()
            throw error
        }
    }

    private func fill(_ replacement: CatalogReplacement) throws(ArchiveError) -> RebuildOutcome {
        let manifest = try map(ManifestWriter.manifestName)
        let owner = manifest.read { ManifestOwner($0) }
        let account = try account(owner, hasManifest: manifest.count > 0)
        let catalog = try open(replacement, owner.provider ?? provider, account)
        defer { catalog.close() }
        let pass = try RebuildPass(
            archive: archive, catalog: catalog, isCancelled: isCancelled, say: say)
        var isWhole = false
        var torn: String?
        if manifest.count > 0 {
            torn = try read(manifest, into: pass, catalog)
            isWhole = torn == nil
        }
        let hasChecksums = isWhole ? false : try readChecksums(into: pass)
        // One without entries may be of a run that the provider refused.
        if owner.account != nil, pass.outcome.entries > 0 { try bind(catalog) }
        // SHA256SUMS doesn't tell of transcriptions; where nothing tells anything, no file is
        // more worth naming than the others.
        try pass.countUnknownFiles { isText in
            isWhole || !isText && (manifest.count > 0 || hasChecksums)
        }
        let renumbered = try complete(catalog, pass.outcome, pass.highestSequence)
        catalog.close()
        let aside: String?
        do throws(SystemCallError) {
            aside = try replacement.publish(at: Timestamp.now())
            // The next sync writes a new one; this one may still tell somebody something.
            if torn != nil { try archive.moveToDamaged(ManifestWriter.manifestName) }
        } catch {
            throw error.stopping("cannot put the new catalog in its place")
        }
        return pass.finish { outcome in
            outcome.manifestRead = isWhole
            outcome.manifestTorn = torn
            outcome.checksumsRead = hasChecksums
            outcome.renumbered = renumbered
            outcome.movedAside = aside
        }
    }

    /// A missing file counts as an empty one.
    private func map(_ name: String) throws(ArchiveError) -> MappedFile {
        do throws(SystemCallError) {
            guard let file = try archive.openFile(name) else {
                return try MappedFile(archive.root, size: 0, naming: name)
            }
            let path = "\(archive.path)/\(name)"
            let size = try archive.kernel.status(of: file.number, naming: path).size
            return try MappedFile(file, size: size, naming: path)
        } catch {
            throw error.stopping("cannot read '\(name)'")
        }
    }

    private func account(
        _ owner: ManifestOwner, hasManifest: Bool
    ) throws(ArchiveError) -> String {
        let what = "cannot rebuild the catalog of '\(archive.path)'"
        if hasManifest, let schema = owner.schema, schema != ManifestHeader.schema {
            throw ArchiveError(
                .storage, what, why: "\(ManifestError.schema(schema))",
                hint: "use the callarchive that wrote it, or move manifest.json away to do without")
        }
        if let known = owner.provider, known != provider {
            throw ArchiveError(
                .usage, what, why: "the manifest belongs to provider '\(known)', not '\(provider)'")
        }
        if let known = owner.account, let account, known != account {
            throw ArchiveError(
                .usage, what, why: "the manifest belongs to account '\(known)', not '\(account)'",
                hint: "an archive belongs to one account; give another ARCHIVE for this one")
        }
        guard let account = account ?? owner.account else {
            throw ArchiveError(
                .usage, what, why: "no manifest tells whose recordings these are",
                hint: "give --user-id ID")
        }
        return account
    }

    private func open(
        _ replacement: CatalogReplacement, _ provider: String, _ account: String
    ) throws(ArchiveError) -> Catalog {
        let path: String
        do throws(SystemCallError) {
            path = try replacement.begin()
        } catch {
            throw error.stopping("cannot make a new catalog")
        }
        do throws(CatalogError) {
            return try Catalog(path: path, provider: provider, account: account)
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    private func bind(_ catalog: Catalog) throws(ArchiveError) {
        do throws(CatalogError) {
            try catalog.bindOwner()
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    /// Enters the manifest's entries; returns why its end was not reached, nil when it was.
    private func read(
        _ manifest: borrowing MappedFile, into pass: RebuildPass, _ catalog: Catalog
    ) throws(ArchiveError) -> String? {
        var batch: [ArchiveEntry] = []
        var failure: ArchiveError?
        func enterBatch() {
            guard failure == nil, !batch.isEmpty else { return }
            do throws(ArchiveError) {
                try pass.enter(batch)
            } catch {
                failure = error
            }
            batch.removeAll(keepingCapacity: true)
        }
        let result: Result<ManifestReader, ManifestError> = manifest.read { bytes in
            do throws(ManifestError) {
                return .success(
                    try ManifestReader(bytes) { entry in
                        guard failure == nil else { return }
                        batch.append(entry)
                        if batch.count == RebuildPass.batchSize { enterBatch() }
                    })
            } catch {
                return .failure(error)
            }
        }
        enterBatch()
        if let failure { throw failure }
        switch result {
        case .success(let reader):
            for _ in 0..<reader.unreadable { pass.skipEntry() }
            try restoreListing(reader.listing, catalog)
            return nil
        case .failure(let error):
            return "\(error)"
        }
    }

    private func restoreListing(
        _ listing: ManifestHeader.Listing?, _ catalog: Catalog
    ) throws(ArchiveError) {
        guard let listing else { return }
        var record = ListingRecord()
        record.isComplete = listing.complete
        record.completedAt = listing.completedAt
        record.pages = listing.pages
        do throws(CatalogError) {
            try catalog.restore(record)
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    /// Enters what SHA256SUMS vouches for; false when there is none.
    private func readChecksums(into pass: RebuildPass) throws(ArchiveError) -> Bool {
        let checksums = try map(ManifestWriter.checksumsName)
        guard checksums.count > 0 else { return false }
        try checksums.read { (bytes: Span<UInt8>) throws(ArchiveError) in
            var batch: [ChecksumLine] = []
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
                if let line = Self.line(bytes, start..<end) {
                    batch.append(line)
                } else {
                    pass.skipEntry()
                }
                start = end + 1
                if batch.count == RebuildPass.batchSize || start >= bytes.count {
                    try pass.enter(batch)
                    batch.removeAll(keepingCapacity: true)
                }
            }
        }
        return true
    }

    private static func line(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ChecksumLine? {
        // Longer ones than any path are none.
        guard range.count <= 8192 else { return nil }
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count)
        for index in range { copy.append(bytes[index]) }
        return ChecksumLine(line: copy[...])
    }

    /// Numbers that were given after the manifest was written are not given a second time: to files
    /// that nobody knows, and to known ones that were fetched again meanwhile. What the program of
    /// --exec may not have had yet is due.
    private func complete(
        _ catalog: Catalog, _ outcome: RebuildOutcome, _ highest: Int64
    ) throws(ArchiveError) -> Int {
        let mark: Int64?
        do throws(SystemCallError) {
            mark = try HandoverMark.read(archive)
        } catch {
            throw error.stopping("cannot rebuild the catalog of '\(archive.path)'")
        }
        do throws(CatalogError) {
            let renumbered = try catalog.completeSequence(
                spare: outcome.unknownFiles + outcome.restored, atLeast: max(highest, mark ?? 0))
            if let mark { try catalog.restoreHandovers(after: mark) }
            return renumbered
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }
}
