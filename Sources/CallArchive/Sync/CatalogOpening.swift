import Platform

/// Opens the archive's catalog; a missing or torn one is rebuilt from manifest and files.
struct CatalogOpening {
    let archive: ArchiveFolder
    let provider: String
    let account: String
    let observer: any SyncObserver
    var isCancelled: @Sendable () -> Bool = { false }

    func open() throws(ArchiveError) -> Catalog {
        let (path, isNew) = try archive.catalogFile()
        let canRebuild = try Rebuild.hasSource(archive)
        if isNew {
            if canRebuild { return try rebuild(path, "is missing") }
            try tellOfUnknownFiles()
        }
        do throws(CatalogError) {
            return try Catalog(path: path, provider: provider, account: account)
        } catch {
            guard error.kind == .damaged else { throw error.stopping(archive: archive.path) }
            guard canRebuild else {
                throw ArchiveError(
                    .storage, "cannot use the catalog of '\(archive.path)'", why: error.text,
                    causes: ["manifest.json and SHA256SUMS, from which it is rebuilt, are missing"],
                    hint: "bring one of them back from a backup; or callarchive rebuild "
                        + "\(archive.path) begins a new catalog, to which the files there are "
                        + "unknown until they are fetched again")
            }
            return try rebuild(path, "is damaged (\(error.text))")
        }
    }

    /// A folder with recordings, and nothing that tells of them.
    private func tellOfUnknownFiles() throws(ArchiveError) {
        guard try archive.status(ofFile: ArchiveFolder.recordingsName) != nil else { return }
        observer.observe(.notice(.warning, "there is neither a catalog nor a manifest"))
        for sentence in RebuildOutcome().notKnown { observer.observe(.notice(.warning, sentence)) }
    }

    private func rebuild(_ path: String, _ why: String) throws(ArchiveError) -> Catalog {
        let outcome = try Rebuild(
            archive: archive, provider: provider, account: account, isCancelled: isCancelled,
            say: { observer.observe(.notice(.info, $0)) }
        ).run()
        observer.observe(.notice(.warning, "the catalog \(why); \(Self.describe(outcome))"))
        for sentence in outcome.notKnown { observer.observe(.notice(.warning, sentence)) }
        do throws(CatalogError) {
            return try Catalog(path: path, provider: provider, account: account)
        } catch {
            throw error.stopping(archive: archive.path)
        }
    }

    /// As `it was rebuilt from manifest.json: 904 files unchanged, 2 fetched again`.
    private static func describe(_ outcome: RebuildOutcome) -> String {
        var parts = ["\(counted(outcome.restored, "file")) unchanged"]
        let lost = outcome.missing + outcome.damaged
        if outcome.putBack > 0 { parts.append("\(outcome.putBack) put back in their places") }
        if lost > 0 { parts.append("\(lost) fetched again") }
        if outcome.unknownFiles > 0 { parts.append("\(outcome.unknownFiles) not known") }
        if let aside = outcome.movedAside { parts.append("the old one is '\(aside)'") }
        return "it was rebuilt from \(outcome.source): \(parts.joined(separator: ", "))"
    }
}
