import Platform

/// Opens the archive's catalog; a missing or torn one is rebuilt when there is a manifest.
struct CatalogOpening {
    let archive: ArchiveFolder
    let provider: String
    let account: String
    let observer: any SyncObserver

    func open() throws(ArchiveError) -> Catalog {
        let (path, isNew) = try archive.catalogFile()
        do throws(CatalogError) {
            return try Catalog(path: path, provider: provider, account: account)
        } catch {
            _ = isNew
            throw error.stopping(archive: archive.path)
        }
    }
}
