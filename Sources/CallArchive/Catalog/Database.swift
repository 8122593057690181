import CSQLite
import Glibc
import Platform
import Synchronization

/// One SQLite connection and its prepared statements; confined to the catalog's queue.
@safe
final class Database {
    // Owned: closed in deinit.
    private let handle: OpaquePointer
    /// By the address of their text, which is a literal: finding one hashes eight bytes.
    private var statements: [UInt: Statement] = [:]
    private var builtStatements: [String: Statement] = [:]

    /// Before the first connection. SQLite would count its memory, under a lock at each allocation.
    /// And what it notes while one statement inserts several rows, so that it can take back that one
    /// alone, would go to a file from 64 KiB on: more writes than the catalog's own. Sixteen rows
    /// seldom note as much as is said here. It must stay below 128 KiB: when it is full SQLite writes
    /// it out at once, of a count of which it looks at 17 bits, and takes what is left undone for a
    /// disk that is full.
    private static let isSetUp =
        csqlite_config_number(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK
        && csqlite_config_number(SQLITE_CONFIG_STMTJRNL_SPILL, 124 << 10) == SQLITE_OK

    private static let temporaryFolder = Locked<String?>(nil)
    /// SQLite makes no temporary file whose path is much longer, instead of looking elsewhere.
    private static let longestFolder = 450

    /// Has SQLite's temporary files, such as those of a large sort, made in the folder of partials
    /// beside the catalog from now on: the archive may be all that can be written. What a kill
    /// leaves there goes with the next sync.
    ///
    /// Where that folder isn't there or can't be written, SQLite looks for another one: SQLITE_TMPDIR,
    /// TMPDIR, /var/tmp, /usr/tmp, /tmp, the working directory.
    private static func keepTemporaryFiles(besideCatalog path: String) {
        let folder = "\(Placement.split(path).folder)/\(ArchiveFolder.partialName)"
        var status = stat()
        // Not through a link.
        guard folder.utf8.count <= longestFolder, unsafe lstat(folder, &status) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else { return }
        temporaryFolder.withLock { known in
            guard known != folder else { return }
            known = folder
            unsafe csqlite_set_temporary_folder(folder)
        }
    }

    /// Opens the file, which exists already unless `isReadOnly`.
    init(path: String, isReadOnly: Bool = false) throws(CatalogError) {
        // First: after anything else SQLite takes no such settings.
        _ = Self.isSetUp
        Self.keepTemporaryFiles(besideCatalog: path)
        var handle: OpaquePointer?
        let flags =
            (isReadOnly ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE)
            | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let name = isReadOnly ? Self.readOnlyName(path) : path
        let code = unsafe sqlite3_open_v2(name, &handle, flags, nil)
        guard let opened = unsafe handle else {
            throw CatalogError(.storage, "SQLite gave no connection")
        }
        if code != SQLITE_OK {
            let text = unsafe String(cString: sqlite3_errmsg(opened))
            unsafe sqlite3_close_v2(opened)
            throw CatalogError(code: code, text: text, during: "open")
        }
        // SQLite falls back to reading, and would make its log with the file's own mode, which then
        // stands in the way when the mode is mended.
        if !isReadOnly, unsafe sqlite3_db_readonly(opened, "main") == 1 {
            unsafe sqlite3_close_v2(opened)
            throw CatalogError(.storage, "open: '\(path)' is not writable")
        }
        unsafe self.handle = opened
        unsafe sqlite3_busy_timeout(opened, 10_000)
    }

    /// A private copy, which is gone with the connection; the other one is left as it is.
    init(copyOf other: Database) throws(CatalogError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        // Without a name it is a file of SQLite's own, removed as soon as it is open.
        let code = unsafe sqlite3_open_v2("", &handle, flags | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened = unsafe handle else {
            throw CatalogError(.storage, "SQLite gave no connection")
        }
        unsafe self.handle = opened
        try check(code, during: "open a copy")
        guard let backup = unsafe sqlite3_backup_init(opened, "main", other.handle, "main") else {
            throw CatalogError(.storage, "SQLite gave no copy")
        }
        let result = unsafe sqlite3_backup_step(backup, -1)
        unsafe sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE else {
            throw unsafe CatalogError(
                code: result, text: String(cString: sqlite3_errstr(result)), during: "copy")
        }
    }

    /// Without a write-ahead log nobody is writing, and the file can be read without making the
    /// log's files beside it.
    private static func readOnlyName(_ path: String) -> String {
        var status = stat()
        let hasLog = unsafe stat(path + "-wal", &status) == 0 && status.st_size > 0
        if hasLog { return path }
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f")
            .replacing("#", with: "%23")
        return "file:\(escaped)?immutable=1"
    }

    deinit {
        statements = [:]
        builtStatements = [:]
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs statements that give no rows.
    func execute(_ sql: String) throws(CatalogError) {
        try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil), during: firstWords(sql))
    }

    /// The prepared statement for a literal, made once, unbound.
    func statement(_ sql: StaticString) throws(CatalogError) -> Statement {
        // Never read through: it is only the literal's name.
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        if let known = statements[key] {
            known.reset()
            return known
        }
        let made = try prepare(sql.description)
        statements[key] = made
        return made
    }

    /// The prepared statement for a text put together from literals, made once, unbound.
    func statement(built sql: String) throws(CatalogError) -> Statement {
        if let known = builtStatements[sql] {
            known.reset()
            return known
        }
        let made = try prepare(sql)
        builtStatements[sql] = made
        return made
    }

    private func prepare(_ sql: String) throws(CatalogError) -> Statement {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        try check(code, during: firstWords(sql))
        guard let prepared = unsafe prepared else {
            throw CatalogError(.bug, "an empty statement")
        }
        return unsafe Statement(prepared, database: handle, name: firstWords(sql))
    }

    /// Runs `body` in one transaction; rolled back when it throws.
    func transaction<Result>(
        _ body: () throws(CatalogError) -> Result
    ) throws(CatalogError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do throws(CatalogError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // The first error counts; a failed rollback leaves nothing committed either.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Rows changed by the last statement.
    var changes: Int { unsafe Int(sqlite3_changes64(handle)) }
    /// The row id of the last insert.
    var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    private func check(_ code: Int32, during what: String) throws(CatalogError) {
        guard code != SQLITE_OK else { return }
        throw unsafe CatalogError(
            code: code, text: String(cString: sqlite3_errmsg(handle)), during: what)
    }

    private func firstWords(_ sql: String) -> String {
        sql.split(whereSeparator: { $0 == " " || $0 == "\n" }).prefix(4).joined(separator: " ")
    }
}
