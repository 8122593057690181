import Platform

/// Writes manifest.json and SHA256SUMS from the catalog, when they are not what it says.
enum ManifestWriter {
    static let manifestName = "manifest.json"
    static let checksumsName = "SHA256SUMS"

    /// Writes both unless nothing changed since they were last written and both lie as they
    /// were left; true when they were written.
    static func write(
        _ archive: ArchiveFolder, _ catalog: Catalog, at time: Timestamp
    ) throws(ArchiveError) -> Bool {
        let found = try fingerprint(archive)
        let generation: Int64
        do throws(CatalogError) {
            generation = try catalog.generation()
            if let stamp = try catalog.manifestStamp(), let found,
                stamp == ManifestStamp(generation: generation, fingerprint: found)
            {
                return false
            }
        } catch {
            throw error.stopping(archive: archive.path)
        }
        try publish(manifestName, archive) { document throws(CatalogError) in
            try fillManifest(document, catalog, time)
        }
        try publish(checksumsName, archive) { document throws(CatalogError) in
            var line = JSONText()
            try catalog.forEachChecksum { sha256, file in
                line.removeAll()
                ChecksumLine.append(sha256: sha256, file: file, to: &line)
                return unsafe line.withBytes { unsafe document.append($0) }
            }
        }
        guard let written = try fingerprint(archive) else { return true }
        do throws(CatalogError) {
            try catalog.setManifestStamp(
                ManifestStamp(generation: generation, fingerprint: written))
        } catch {
            throw error.stopping(archive: archive.path)
        }
        return true
    }

    private static func fillManifest(
        _ document: Document, _ catalog: Catalog, _ time: Timestamp
    ) throws(CatalogError) {
        let owner = try catalog.owner()
        let listing = try catalog.listing()
        let header = ManifestHeader(
            generator: CallArchiveVersion.generator, generatedAt: time, provider: owner.provider,
            account: owner.account,
            listing: .init(
                complete: listing.isComplete, completedAt: listing.completedAt,
                pages: listing.pages),
            summary: try catalog.summary())
        _ = document.append(ManifestDocument.header(header))
        var text = JSONText()
        var isFirst = true
        try catalog.forEachRow { entry in
            text.removeAll()
            ManifestDocument.append(entry, isFirst: isFirst, to: &text)
            isFirst = false
            return unsafe text.withBytes { unsafe document.append($0) }
        }
        _ = document.append(ManifestDocument.footer())
    }

    /// Writes one document with `fill` and puts it in the old one's place.
    private static func publish(
        _ name: String, _ archive: ArchiveFolder,
        _ fill: (Document) throws(CatalogError) -> Void
    ) throws(ArchiveError) {
        let document: Document
        do throws(SystemCallError) {
            document = try Document(name, in: archive)
        } catch {
            throw error.stopping("cannot write '\(archive.path)/\(name)'")
        }
        do throws(CatalogError) {
            try fill(document)
        } catch {
            throw error.stopping(archive: archive.path)
        }
        do throws(SystemCallError) {
            try document.publish()
        } catch {
            throw error.stopping("cannot write '\(archive.path)/\(name)'")
        }
    }

    /// Sizes, times and inodes of both files; nil when one is missing.
    private static func fingerprint(_ archive: ArchiveFolder) throws(ArchiveError) -> String? {
        var parts: [String] = []
        for name in [manifestName, checksumsName] {
            guard let status = try archive.status(ofFile: name), status.kind == .file else {
                return nil
            }
            parts.append("\(status.size).\(status.modified).\(status.inode)")
        }
        return parts.joined(separator: " ")
    }
}
