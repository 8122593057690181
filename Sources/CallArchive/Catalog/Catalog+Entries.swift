import Platform

/// An archived file as the catalog remembers it.
package struct KnownFile: Sendable, Equatable {
    package var row: Int64
    package var id: String
    package var file: String
    package var bytes: Int64
    package var sha256: [UInt8]
}

extension Catalog {
    static let entryColumns = """
        id, state, status, start_time, end_time, call, media, file, bytes, sha256, content_type,
        etag, last_modified, container, encoding, channels, sample_rate, duration, archived_at,
        sequence, listed, error_code, error_message, attempts, last_attempt_at, row
        """

    /// Calls `body`, until it says false, with every entry in the manifest's order: start time, unknown last, then id.
    package func forEachEntry(
        _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try forEach(
            "SELECT \(Self.entryColumns) FROM recordings ORDER BY start_key, id", after: nil, body)
    }

    /// Calls `body`, until it says false, with the archived entries after `sequence`, in order of sequence.
    package func forEachEntry(
        after sequence: Int64, _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try forEach(
            """
            SELECT \(Self.entryColumns) FROM recordings
            WHERE sequence IS NOT NULL AND sequence > ? ORDER BY sequence
            """, after: sequence, body)
    }

    /// Calls `body`, until it says false, with every entry, the newest first: unknown start times,
    /// then the latest one, then by id.
    package func forEachEntryFromNewest(
        _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try forEach(
            "SELECT \(Self.entryColumns) FROM recordings ORDER BY start_key DESC, id DESC",
            after: nil, body)
    }

    /// The entry of one recording; nil when there is none.
    package func entry(row: Int64) throws(CatalogError) -> ArchiveEntry? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT \(Self.entryColumns) FROM recordings WHERE row = ?")
            defer { statement.reset() }
            try statement.bind(1, row)
            guard try statement.step() else { return nil }
            return try Self.entry(from: statement, try Self.extras(database), database)
        }
    }

    /// The row and entry of one id; nil when there is none.
    package func entry(id: String) throws(CatalogError) -> (row: Int64, entry: ArchiveEntry)? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT \(Self.entryColumns) FROM recordings WHERE id = ?")
            defer { statement.reset() }
            try statement.bind(1, id)
            guard try statement.step() else { return nil }
            let entry = try Self.entry(from: statement, try Self.extras(database), database)
            return (statement.int64(25), entry)
        }
    }

    private func forEach(
        _ sql: String, after: Int64?, _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(sql)
            defer { statement.reset() }
            try statement.bind(1, after)
            let extras = try Self.extras(database)
            while try statement.step() {
                if try !body(Self.entry(from: statement, extras, database)) { return }
            }
        }
    }

    private static func entry(
        from statement: Statement, _ extras: EntryExtras, _ database: Database
    ) throws(CatalogError) -> ArchiveEntry {
        var entry = ArchiveEntry(
            id: statement.text(0) ?? "",
            status: ArchiveStatus(code: statement.int64(2)) ?? .pending,
            listed: statement.int64(20) == 1)
        entry.state = statement.text(1)
        entry.startTime = statement.text(3)
        entry.endTime = statement.text(4)
        entry.call = statement.text(5)
        entry.media = statement.text(6)
        entry.file = statement.text(7)
        entry.bytes = statement.optionalInt64(8)
        entry.sha256 = statement.blob(9).map(Hex.text)
        entry.contentType = statement.text(10)
        entry.etag = statement.text(11)
        entry.lastModified = statement.text(12)
        if let container = statement.text(13) {
            entry.audio = AudioProperties(
                container: container, encoding: statement.text(14),
                channels: statement.optionalInt(15), sampleRate: statement.optionalInt(16),
                durationSeconds: statement.optionalDouble(17))
        }
        entry.archivedAt = statement.optionalInt64(18).map(Timestamp.init(milliseconds:))
        entry.sequence = statement.optionalInt64(19)
        if let code = statement.text(21) {
            entry.error = FailureRecord(
                code: code, message: statement.text(22) ?? "",
                attempts: Int(statement.int64(23)),
                lastAttemptAt: statement.optionalInt64(24).map(Timestamp.init(milliseconds:)))
        }
        entry.extras = extras
        try addExtras(to: &entry, row: statement.int64(25), database)
        return entry
    }

    /// Calls `body`, until it says false, with every archived file, by path.
    package func forEachFile(
        _ body: (KnownFile) -> Bool
    ) throws(CatalogError) {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT row, id, file, bytes, sha256 FROM recordings
                WHERE file IS NOT NULL ORDER BY file
                """)
            defer { statement.reset() }
            while try statement.step() {
                let file = KnownFile(
                    row: statement.int64(0), id: statement.text(1) ?? "",
                    file: statement.text(2) ?? "", bytes: statement.int64(3),
                    sha256: statement.blob(4) ?? [])
                if !body(file) { return }
            }
        }
    }

    /// A slice of the archived files after `row`, in row order; for looking at all of them
    /// without holding the catalog.
    package func files(after row: Int64, limit: Int) throws(CatalogError) -> [KnownFile] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT row, id, file, bytes FROM recordings
                WHERE row > ? AND file IS NOT NULL ORDER BY row LIMIT ?
                """)
            defer { statement.reset() }
            try statement.bind(1, row).bind(2, limit)
            var result: [KnownFile] = []
            while try statement.step() {
                result.append(
                    KnownFile(
                        row: statement.int64(0), id: statement.text(1) ?? "",
                        file: statement.text(2) ?? "", bytes: statement.int64(3), sha256: []))
            }
            return result
        }
    }

    /// The id that holds a path below the archive, in any case; nil when none does.
    package func holder(ofFile file: String) throws(CatalogError) -> String? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT id FROM recordings WHERE file IS NOT NULL AND lower(file) = lower(?)")
            defer { statement.reset() }
            try statement.bind(1, file)
            return try statement.step() ? statement.text(0) : nil
        }
    }

    /// How many recordings stand where.
    package func summary() throws(CatalogError) -> ArchiveSummary {
        try access { (database: Database) throws(CatalogError) in
            var summary = ArchiveSummary()
            let statement = try database.statement(
                "SELECT status, count(*), total(bytes) FROM recordings GROUP BY status")
            defer { statement.reset() }
            while try statement.step() {
                let count = Int(statement.int64(1))
                summary.listed += count
                switch ArchiveStatus(code: statement.int64(0)) {
                case .archived:
                    summary.archived = count
                    summary.bytes = Int64(statement.optionalDouble(2) ?? 0)
                case .pending: summary.pending = count
                case .waiting: summary.waiting = count
                case .unavailable: summary.unavailable = count
                case .gone: summary.gone = count
                case .failed: summary.failed = count
                case nil: break
                }
            }
            return summary
        }
    }
}
