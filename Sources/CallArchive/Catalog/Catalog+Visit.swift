import Glibc
import Platform

extension Catalog {
    /// Opens the catalog of an archive for a command that works offline.
    ///
    /// Where its folder can be written, the connection takes part in SQLite's locking, so that a
    /// sync may run meanwhile; else the file is read as it lies, and `canWrite` is false. No
    /// archive, or one without a catalog, is an error; nothing is made.
    ///
    /// A catalog of an older program is brought up to date for `writing` alone, else a private copy
    /// is: that program may be in the middle of a run.
    package static func visit(
        archive: String, writing: Bool = false
    ) throws(ArchiveError) -> (catalog: Catalog, canWrite: Bool) {
        let file = "\(archive)/\(ArchiveFolder.controlName)/\(ArchiveFolder.catalogName)"
        try expectFile(file, archive)
        do throws(CatalogError) {
            do throws(CatalogError) {
                let looking = try Catalog(readingFrom: file)
                if looking.isCopy, !writing { return (looking, false) }
                let known = try looking.owner()
                let catalog = try Catalog(
                    path: file,
                    provider: known.provider.isEmpty
                        ? ManifestHeader.usualProvider : known.provider,
                    account: known.account)
                return (catalog, true)
            } catch {
                guard error.kind == .storage else { throw error }
                return (try Catalog(readingFrom: file), false)
            }
        } catch {
            if error.kind == .damaged, isBlank(file) { throw noCatalog(archive) }
            throw error.stopping(archive: archive)
        }
    }

    /// Without a table: that is what a first run has made of it for a moment.
    private static func isBlank(_ file: String) -> Bool {
        do throws(CatalogError) {
            let database = try Database(path: file, isReadOnly: true)
            let tables = try database.statement("SELECT count(*) FROM sqlite_master")
            defer { tables.reset() }
            return try tables.step() && tables.int64(0) == 0
        } catch {
            return false
        }
    }

    /// An empty file counts as none: that is what a run leaves that was killed at its start.
    private static func expectFile(_ file: String, _ archive: String) throws(ArchiveError) {
        var status = stat()
        var code = unsafe lstat(file, &status) == 0 ? 0 : errno
        if code == 0, status.st_mode & S_IFMT != S_IFREG {
            code = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ELOOP
        }
        if code == 0, status.st_size > 0 { return }
        if code != 0, code != ENOENT, code != ENOTDIR {
            throw SystemCallError(call: "open", path: file, errno: code)
                .stopping("cannot look at the archive '\(archive)'")
        }
        for name in [ManifestWriter.manifestName, ManifestWriter.checksumsName]
        where unsafe Glibc.access("\(archive)/\(name)", F_OK) == 0 {
            throw ArchiveError(
                .storage, "cannot use the catalog of '\(archive)'",
                why: "it is missing, though there is a \(name)",
                hint: "callarchive rebuild '\(archive)' makes it anew")
        }
        throw noCatalog(archive)
    }

    private static func noCatalog(_ archive: String) -> ArchiveError {
        do throws(ArchiveError) {
            // Says it when there is no such folder.
            _ = try ArchiveTree(path: archive)
        } catch {
            return error
        }
        return ArchiveTree.noArchive(archive, why: "the folder holds no catalog")
    }
}
