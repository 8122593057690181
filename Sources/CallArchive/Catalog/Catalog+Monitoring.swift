package import Platform

/// What monitoring asks of the run records.
extension Catalog {
    /// When the last run that gave exit status 0 ended; nil when none did.
    package func lastSuccess() throws(CatalogError) -> Timestamp? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT max(finished_at) FROM runs WHERE exit_status = 0")
            defer { statement.reset() }
            guard try statement.step() else { return nil }
            return statement.optionalInt64(0).map(Timestamp.init(milliseconds:))
        }
    }

    /// The start of the run just before `run`, if it never noted its end; nil when it did.
    ///
    /// Asked while `run` holds the lock, so nobody else can still be at work.
    package func unfinishedRun(before run: Int64) throws(CatalogError) -> Timestamp? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT started_at, finished_at FROM runs WHERE run < ? ORDER BY run DESC LIMIT 1
                """)
            defer { statement.reset() }
            try statement.bind(1, run)
            guard try statement.step(), statement.optionalInt64(1) == nil else { return nil }
            return Timestamp(milliseconds: statement.int64(0))
        }
    }
}
