import Glibc
import Platform

/// A look at an archive that may not be there, without touching it.
struct ArchiveLook {
    struct Found {
        var entry: ArchiveEntry
        /// The archived file is there, with its size.
        var isInPlace: Bool
        var hasPartial: Bool
    }

    private let path: String
    private let catalog: Catalog?
    /// What its entries have beside the usual members.
    let extras: EntryExtras

    /// No archive and no catalog are fine: then nothing is known of any recording.
    init(path: String, account: String) throws(ArchiveError) {
        self.path = path
        let file = "\(path)/\(ArchiveFolder.controlName)/\(ArchiveFolder.catalogName)"
        guard unsafe access(file, F_OK) == 0 else {
            if errno != ENOENT && errno != ENOTDIR {
                throw SystemCallError(call: "open", path: file, errno: errno)
                    .stopping("cannot look at the archive '\(path)'")
            }
            catalog = nil
            extras = []
            return
        }
        do throws(CatalogError) {
            let catalog = try Catalog(readingFrom: file)
            let owner = try catalog.owner()
            guard owner.account.isEmpty || owner.account == account else {
                throw CatalogError(
                    .foreign, "it belongs to account '\(owner.account)', not '\(account)'")
            }
            extras = try catalog.extras()
            self.catalog = catalog
        } catch {
            throw error.stopping(archive: path)
        }
    }

    func find(_ id: String) throws(ArchiveError) -> Found? {
        guard let catalog else { return nil }
        do throws(CatalogError) {
            guard let known = try catalog.entry(id: id) else { return nil }
            var status = stat()
            let isInPlace =
                known.entry.file.map {
                    unsafe lstat("\(path)/\($0)", &status) == 0
                        && Int64(status.st_size) == known.entry.bytes
                } ?? false
            return Found(
                entry: known.entry, isInPlace: isInPlace,
                hasPartial: try catalog.hasPartial(row: known.row))
        } catch {
            throw error.stopping(archive: path)
        }
    }
}
