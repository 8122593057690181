import Platform

/// What became of an entry that was to be restored.
enum RestoreResult: Sendable, Equatable {
    case entered
    /// Its file or sequence number is another entry's already.
    case conflicting
    /// Its id is there already.
    case repeated
}

/// For a catalog that is made anew from what the archive's other files tell.
extension Catalog {
    /// Enters entries as they are, in one transaction.
    func restore(_ entries: [ArchiveEntry]) throws(CatalogError) -> [RestoreResult] {
        try transaction { (database: Database) throws(CatalogError) in
            var results: [RestoreResult] = []
            let extras = entries.reduce(into: EntryExtras()) { $0.formUnion($1.extras) }
            try Self.keep(extras, database)
            for entry in entries {
                if try insert(entry, database) {
                    try Self.restoreExtras(of: entry, row: database.lastRow, database)
                    results.append(.entered)
                } else {
                    let isKnown = try Self.isKnown(entry.id, database)
                    results.append(isKnown ? .repeated : .conflicting)
                }
            }
            return results
        }
    }

    private static func isKnown(
        _ id: String, _ database: Database
    ) throws(CatalogError) -> Bool {
        let statement = try database.statement("SELECT 1 FROM recordings WHERE id = ?")
        defer { statement.reset() }
        try statement.bind(1, id)
        return try statement.step()
    }

    private static func isGiven(
        _ sequence: Int64, _ database: Database
    ) throws(CatalogError) -> Bool {
        let statement = try database.statement("SELECT 1 FROM recordings WHERE sequence = ?")
        defer { statement.reset() }
        try statement.bind(1, sequence)
        return try statement.step()
    }

    private func insert(
        _ entry: ArchiveEntry, _ database: Database
    ) throws(CatalogError) -> Bool {
        let start = entry.startTime.flatMap(Timestamp.init(iso8601:))
        // To have a number and a file is to be archived.
        let isArchived = entry.status == .archived
        let sequence = isArchived ? entry.sequence : nil
        if let sequence, try Self.isGiven(sequence, database) { return false }
        try database.statement(
            """
            INSERT OR IGNORE INTO recordings (id, source, state, start_time, end_time, call,
                media, start_key, status, listed, file, bytes, sha256, content_type, etag,
                last_modified, container, encoding, channels, sample_rate, duration,
                archived_at, sequence, error_code, error_message, attempts, last_attempt_at)
            VALUES (?, x'', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                ?, ?)
            """
        ).bind(1, entry.id).bind(2, entry.state).bind(3, entry.startTime)
            .bind(4, entry.endTime).bind(5, entry.call).bind(6, entry.media)
            .bind(7, ClaimState.Position.startKey(start))
            .bind(8, entry.status.code).bind(9, entry.listed ? 1 : 0).bind(
                10, isArchived ? entry.file : nil
            )
            .bind(11, entry.bytes).bind(12, entry.sha256.flatMap(Hex.bytes))
            .bind(13, entry.contentType).bind(14, entry.etag).bind(15, entry.lastModified)
            .bind(16, entry.audio?.container).bind(17, entry.audio?.encoding)
            .bind(18, entry.audio?.channels).bind(19, entry.audio?.sampleRate)
            .bind(20, entry.audio?.durationSeconds).bind(21, entry.archivedAt?.milliseconds)
            .bind(22, sequence).bind(23, entry.error?.code)
            .bind(24, entry.error?.message).bind(25, entry.error?.attempts ?? 0)
            .bind(26, entry.error?.lastAttemptAt?.milliseconds).run()
        return database.changes == 1
    }

    /// Numbers the archived entries that have no sequence yet, behind those that have, and sets
    /// the counter `spare` further: as many numbers may have been given that nobody noted.
    ///
    /// Returns how many were numbered.
    func completeSequence(
        spare: Int, atLeast floor: Int64 = 0
    ) throws(CatalogError) -> Int {
        try transaction { (database: Database) throws(CatalogError) in
            let highest = max(floor, try Self.highestSequence(database))
            try database.statement(
                """
                UPDATE recordings SET sequence = ?1 + numbered.place
                FROM (
                    SELECT row, row_number() OVER (ORDER BY start_key, id) AS place
                    FROM recordings
                    WHERE status = 0 AND file IS NOT NULL AND sequence IS NULL
                ) AS numbered
                WHERE recordings.row = numbered.row
                """
            ).bind(1, highest).run()
            let count = database.changes
            try Meta.set(
                "sequence",
                to: max(floor, try Self.highestSequence(database)) + Int64(spare), in: database)
            try Meta.touch(database)
            return count
        }
    }

    static func highestSequence(_ database: Database) throws(CatalogError) -> Int64 {
        let statement = try database.statement(
            "SELECT max(sequence) FROM recordings WHERE sequence IS NOT NULL")
        defer { statement.reset() }
        return try statement.step() ? statement.optionalInt64(0) ?? 0 : 0
    }

    /// What the manifest said of the last walk.
    func restore(_ listing: ListingRecord) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            try Meta.set("listing_complete", to: listing.isComplete ? 1 : 0, in: database)
            try Meta.set("listing_pages", to: Int64(listing.pages), in: database)
            try Meta.set(
                "listing_completed_at", to: listing.completedAt?.milliseconds, in: database)
        }
    }
}
