import CSQLite

/// What went wrong in the catalog; keeps SQLite's own words.
package struct CatalogError: Error, Sendable, Equatable {
    package enum Kind: Sendable {
        /// The file is torn or no database.
        case damaged
        /// Written by a newer program.
        case newer
        /// Belongs to another account or provider.
        case foreign
        /// Full, not writable, I/O.
        case storage
        /// Another process holds it.
        case busy
        /// A statement that should have worked.
        case bug
    }

    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// Reads SQLite's extended code.
    init(code: Int32, text: String, during what: String) {
        kind =
            switch code & 0xff {
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: .damaged
            case SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM,
                SQLITE_AUTH, SQLITE_NOMEM:
                .storage
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            default: .bug
            }
        self.text = "\(text) (SQLite \(code), \(what))"
    }

    /// As what stops a command.
    package func stopping(archive: String) -> ArchiveError {
        let what = "cannot use the catalog of '\(archive)'"
        return switch kind {
        case .damaged:
            ArchiveError(
                .storage, what, why: text,
                hint: "the files under recordings/ are not affected; callarchive rebuild "
                    + "\(archive) makes the catalog anew from the manifest")
        case .newer:
            ArchiveError(.usage, what, why: text, hint: "use the newer callarchive")
        case .foreign:
            ArchiveError(
                .usage, what, why: text,
                hint: "an archive belongs to one account; give another ARCHIVE for this one")
        case .storage:
            ArchiveError(
                .storage, what, why: text, hint: "check the space and permissions of '\(archive)'")
        case .busy: ArchiveError(.locked, what, why: text, hint: "wait for the other program")
        case .bug:
            ArchiveError(
                .bug, what, why: text, hint: "this is a mistake of callarchive; please report it")
        }
    }
}
