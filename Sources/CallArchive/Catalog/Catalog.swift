import CSQLite
import Dispatch
import Platform

/// Everything known of an account's recordings, and the queue of those to download.
///
/// One SQLite connection in WAL mode, reached through one serial queue; every method may be
/// called from any thread and waits for its turn. A method that throws has changed nothing.
package final class Catalog: @unchecked Sendable {
    // @unchecked: the mutable members are touched on `queue` alone.
    private let queue = DispatchQueue(label: "callarchive.catalog")
    private var database: Database?
    var claims = ClaimState()
    private let provider: String
    private let account: String
    /// It is a private one, brought up to date, of a file that an older program has left.
    let isCopy: Bool

    /// Opens the catalog file at `path`, an existing (maybe empty) file.
    ///
    /// The schema is brought up to date; an archive of another account or provider is `foreign`.
    package init(path: String, provider: String, account: String) throws(CatalogError) {
        let database = try Database(path: path)
        self.database = database
        isCopy = false
        // FULL: a sequence number that a consumer has seen must not be given twice, also after
        // a power cut. Writes come in batches, so that costs one sync a batch.
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = FULL")
        try database.execute("PRAGMA cache_size = -\(try Self.cacheKiB(database))")
        try CatalogSchema.migrate(database)
        try CatalogSchema.expectTables(database)
        self.provider = provider
        self.account = account
        try expect("provider", provider)
        try expect("account", account)
    }

    /// Opens an existing catalog for looking only; for `status` and `export`.
    package init(readingFrom path: String) throws(CatalogError) {
        var database = try Database(path: path, isReadOnly: true)
        provider = ""
        account = ""
        var version = try CatalogSchema.userVersion(database)
        isCopy = version > 0 && version < CatalogSchema.migrations.count
        if isCopy {
            // Of an older program; a copy can be brought up to date without touching it.
            database = try Database(copyOf: database)
            try CatalogSchema.migrate(database)
            version = try CatalogSchema.userVersion(database)
        }
        self.database = database
        guard version == CatalogSchema.migrations.count else {
            throw CatalogError(
                version > CatalogSchema.migrations.count ? .newer : .damaged,
                "its schema version is \(version), "
                    + "this program reads \(CatalogSchema.migrations.count)")
        }
        try CatalogSchema.expectTables(database)
    }

    /// Half a MiB, since what is written lies together; a sixty-fourth of a large catalog, in which
    /// ids lie scattered; never above ten MiB.
    private static func cacheKiB(_ database: Database) throws(CatalogError) -> Int64 {
        let pages = try database.statement("PRAGMA page_count")
        defer { pages.reset() }
        return min(max(512, (try pages.step() ? pages.int64(0) : 0) * 4 / 64), 10240)
    }

    /// Runs `body` on the queue with the connection.
    func access<Result>(
        _ body: (Database) throws(CatalogError) -> Result
    ) throws(CatalogError) -> Result {
        let result: Swift.Result<Result, CatalogError> = queue.sync {
            do throws(CatalogError) {
                guard let database else { throw CatalogError(.bug, "the catalog is closed") }
                return .success(try body(database))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Runs `body` on the queue in one transaction.
    func transaction<Result>(
        _ body: (Database) throws(CatalogError) -> Result
    ) throws(CatalogError) -> Result {
        try access { (database: Database) throws(CatalogError) in
            try database.transaction { () throws(CatalogError) in try body(database) }
        }
    }

    /// Ends the connection, which folds the write-ahead log into the file.
    package func close() {
        queue.sync { database = nil }
    }

    private func expect(_ name: String, _ value: String) throws(CatalogError) {
        let known = try access { (database: Database) throws(CatalogError) in
            try Meta.text(name, in: database)
        }
        if let known, known != value {
            throw CatalogError(.foreign, "it belongs to \(name) '\(known)', not '\(value)'")
        }
    }

    /// Binds the archive to the account, once the provider has answered for it: a mistyped
    /// account that was refused must not stay.
    func bind(_ database: Database) throws(CatalogError) {
        if try Meta.text("account", in: database) == nil {
            try Meta.set("provider", to: provider, in: database)
            try Meta.set("account", to: account, in: database)
        }
    }

    /// Binds the archive to the account at once: its own manifest tells whose it is.
    func bindOwner() throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in try bind(database) }
    }

    /// The account and provider that the archive belongs to; empty texts when it isn't bound yet.
    package func owner() throws(CatalogError) -> (provider: String, account: String) {
        try access { (database: Database) throws(CatalogError) in
            let provider = try Meta.text("provider", in: database) ?? self.provider
            return (provider, try Meta.text("account", in: database) ?? account)
        }
    }

    /// Checks the whole file's structure; the first complaint, or nil.
    package func integrityComplaint() throws(CatalogError) -> String? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement("PRAGMA quick_check(1)")
            defer { statement.reset() }
            guard try statement.step(), let text = statement.text(0), text != "ok" else {
                return nil
            }
            return text
        }
    }
}

/// Single values beside the tables.
enum Meta {
    static func text(_ name: String, in database: Database) throws(CatalogError) -> String? {
        let statement = try database.statement("SELECT value FROM meta WHERE name = ?")
        defer { statement.reset() }
        try statement.bind(1, name)
        return try statement.step() ? statement.text(0) : nil
    }

    static func number(_ name: String, in database: Database) throws(CatalogError) -> Int64? {
        let statement = try database.statement("SELECT value FROM meta WHERE name = ?")
        defer { statement.reset() }
        try statement.bind(1, name)
        return try statement.step() ? statement.optionalInt64(0) : nil
    }

    static func set(
        _ name: String, to value: String?, in database: Database
    ) throws(CatalogError) {
        let statement = try database.statement(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")
        try statement.bind(1, name).bind(2, value).run()
    }

    static func set(
        _ name: String, to value: Int64?, in database: Database
    ) throws(CatalogError) {
        let statement = try database.statement(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")
        try statement.bind(1, name).bind(2, value).run()
    }

    /// Notes that what the manifest tells has changed.
    static func touch(_ database: Database) throws(CatalogError) {
        try database.execute(
            """
            INSERT INTO meta (name, value) VALUES ('generation', 1)
            ON CONFLICT (name) DO UPDATE SET value = value + 1
            """)
    }
}
