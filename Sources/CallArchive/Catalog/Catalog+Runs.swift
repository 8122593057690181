package import Platform

/// What the manifest says of the listing.
package struct ListingRecord: Sendable, Equatable {
    package var isComplete = false
    package var completedAt: Timestamp?
    package var pages = 0

    package init() {}
}

/// Which files the manifest's last writing left, so that an unchanged one is known again.
package struct ManifestStamp: Sendable, Equatable {
    /// The catalog's generation that was written.
    package var generation: Int64
    /// Sizes and modification times (ns) of manifest.json and SHA256SUMS.
    package var fingerprint: String

    package init(generation: Int64, fingerprint: String) {
        self.generation = generation
        self.fingerprint = fingerprint
    }
}

/// One past run.
package struct RunRecord: Sendable, Equatable {
    package var run: Int64
    package var startedAt: Timestamp
    package var finishedAt: Timestamp?
    package var exitStatus: Int?
    package var listingComplete: Bool?
    package var archived: Int?
    package var bytes: Int64?
    package var failed: Int?
    package var requests: Int?
    package var error: String?
}

extension Catalog {
    /// Opens a run's record; its number.
    package func beginRun(at time: Timestamp) throws(CatalogError) -> Int64 {
        try transaction { (database: Database) throws(CatalogError) in
            try database.statement("INSERT INTO runs (started_at) VALUES (?)")
                .bind(1, time.milliseconds).run()
            return database.lastRow
        }
    }

    /// Closes a run's record.
    package func finishRun(
        _ run: Int64, _ outcome: SyncOutcome, _ exitStatus: Int32, at time: Timestamp
    ) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            try database.statement(
                """
                UPDATE runs SET finished_at = ?2, listing_complete = ?3, pages = ?4,
                    archived = ?5, bytes = ?6, failed = ?7, requests = ?8, error = ?9, exit_status = ?10
                WHERE run = ?1
                """
            ).bind(1, run).bind(2, time.milliseconds).bind(3, outcome.listingComplete ? 1 : 0)
                .bind(4, outcome.pages).bind(5, outcome.newlyArchived).bind(6, outcome.newBytes)
                .bind(7, outcome.newlyFailed).bind(8, outcome.requests)
                .bind(9, outcome.error.map { "\($0.what): \($0.why)" })
                .bind(10, Int(exitStatus)).run()
        }
    }

    /// The newest runs first.
    package func runs(limit: Int) throws(CatalogError) -> [RunRecord] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT run, started_at, finished_at, exit_status, listing_complete, archived,
                    bytes, failed, requests, error
                FROM runs ORDER BY run DESC LIMIT ?
                """)
            defer { statement.reset() }
            try statement.bind(1, limit)
            var result: [RunRecord] = []
            while try statement.step() {
                result.append(
                    RunRecord(
                        run: statement.int64(0),
                        startedAt: Timestamp(milliseconds: statement.int64(1)),
                        finishedAt: statement.optionalInt64(2).map(Timestamp.init(milliseconds:)),
                        exitStatus: statement.optionalInt(3),
                        listingComplete: statement.optionalInt64(4).map { $0 == 1 },
                        archived: statement.optionalInt(5), bytes: statement.optionalInt64(6),
                        failed: statement.optionalInt(7), requests: statement.optionalInt(8),
                        error: statement.text(9)))
            }
            return result
        }
    }

    /// What is known of the last walk.
    package func listing() throws(CatalogError) -> ListingRecord {
        try access { (database: Database) throws(CatalogError) in
            var record = ListingRecord()
            record.isComplete = try Meta.number("listing_complete", in: database) == 1
            record.completedAt = try Meta.number("listing_completed_at", in: database)
                .map(Timestamp.init(milliseconds:))
            record.pages = Int(try Meta.number("listing_pages", in: database) ?? 0)
            return record
        }
    }

    /// Grows with every change that the manifest tells of.
    package func generation() throws(CatalogError) -> Int64 {
        try access { (database: Database) throws(CatalogError) in
            try Meta.number("generation", in: database) ?? 0
        }
    }

    package func manifestStamp() throws(CatalogError) -> ManifestStamp? {
        try access { (database: Database) throws(CatalogError) in
            guard let generation = try Meta.number("manifest_generation", in: database),
                let fingerprint = try Meta.text("manifest_fingerprint", in: database)
            else { return nil }
            return ManifestStamp(generation: generation, fingerprint: fingerprint)
        }
    }

    package func setManifestStamp(_ stamp: ManifestStamp) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            try Meta.set("manifest_generation", to: stamp.generation, in: database)
            try Meta.set("manifest_fingerprint", to: stamp.fingerprint, in: database)
        }
    }
}
