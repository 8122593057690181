package import Platform

/// What can be said of a catalog's file without changing it.
package struct CatalogHealth: Sendable, Equatable {
    package var version: Int
    /// SQLite's first complaint about the file's structure.
    package var complaint: String?
    /// nil before the provider has answered for it.
    package var account: String?
    package var lastRun: RunRecord?
    /// When the last run with status 0 ended.
    package var lastGoodRun: Timestamp?
}

extension Catalog {
    /// Reads the whole file once, also one of an older schema.
    package static func examine(_ path: String) throws(CatalogError) -> CatalogHealth {
        let database = try Database(path: path, isReadOnly: true)
        let version = try CatalogSchema.userVersion(database)
        guard version <= CatalogSchema.migrations.count else {
            throw CatalogError(
                .newer,
                "its schema version is \(version), this program knows "
                    + "\(CatalogSchema.migrations.count)")
        }
        guard version > 0 else {
            throw CatalogError(.damaged, "it has no schema version")
        }
        try CatalogSchema.expectTables(database)
        var health = CatalogHealth(version: version)
        health.complaint = try complaint(database)
        guard health.complaint == nil else { return health }
        health.account = try Meta.text("account", in: database)
        health.lastRun = try lastRun(database)
        let good = try database.statement(
            "SELECT max(finished_at) FROM runs WHERE exit_status = 0")
        defer { good.reset() }
        if try good.step() {
            health.lastGoodRun = good.optionalInt64(0).map(Timestamp.init(milliseconds:))
        }
        return health
    }

    private static func complaint(_ database: Database) throws(CatalogError) -> String? {
        let statement = try database.statement("PRAGMA quick_check(1)")
        defer { statement.reset() }
        guard try statement.step(), let text = statement.text(0), text != "ok" else { return nil }
        return text
    }

    /// Only what every schema version has.
    private static func lastRun(_ database: Database) throws(CatalogError) -> RunRecord? {
        let statement = try database.statement(
            built: "SELECT run, started_at, finished_at, exit_status, error FROM runs "
                + "ORDER BY run DESC LIMIT 1")
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return RunRecord(
            run: statement.int64(0), startedAt: Timestamp(milliseconds: statement.int64(1)),
            finishedAt: statement.optionalInt64(2).map(Timestamp.init(milliseconds:)),
            exitStatus: statement.optionalInt(3), error: statement.text(4))
    }
}
