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
    /// Calls `body`, until it says false, with every entry in the manifest's order: start time, unknown last, then id.
    package func forEachEntry(
        _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try forEachRow { body(ArchiveEntry($0)) }
    }

    /// The same with rows, which are good until `body` returns: for who only writes them down.
    func forEachRow(_ body: (EntryRow) -> Bool) throws(CatalogError) {
        try forEach(
            "SELECT \(EntryRow.columns) FROM recordings ORDER BY start_key, id", after: nil, body)
    }

    /// Calls `body`, until it says false, with the archived entries after `sequence`, in order of sequence.
    package func forEachEntry(
        after sequence: Int64, _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try forEach(
            """
            SELECT \(EntryRow.columns) FROM recordings
            WHERE sequence IS NOT NULL AND sequence > ? ORDER BY sequence
            """, after: sequence
        ) { body(ArchiveEntry($0)) }
    }

    /// Calls `body`, until it says false, with every entry, the newest first: unknown start times,
    /// then the latest one, then by id.
    package func forEachEntryFromNewest(
        _ body: (ArchiveEntry) -> Bool
    ) throws(CatalogError) {
        try forEach(
            "SELECT \(EntryRow.columns) FROM recordings ORDER BY start_key DESC, id DESC",
            after: nil
        ) { body(ArchiveEntry($0)) }
    }

    /// The entry of one recording; nil when there is none.
    package func entry(row: Int64) throws(CatalogError) -> ArchiveEntry? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                built: "SELECT \(EntryRow.columns) FROM recordings WHERE row = ?")
            defer { statement.reset() }
            try statement.bind(1, row)
            guard try statement.step() else { return nil }
            return ArchiveEntry(try EntryRow(statement, try Self.extras(database), database))
        }
    }

    /// The row and entry of one id; nil when there is none.
    package func entry(id: String) throws(CatalogError) -> (row: Int64, entry: ArchiveEntry)? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                built: "SELECT \(EntryRow.columns) FROM recordings WHERE id = ?")
            defer { statement.reset() }
            try statement.bind(1, id)
            guard try statement.step() else { return nil }
            let row = try EntryRow(statement, try Self.extras(database), database)
            return (row.number, ArchiveEntry(row))
        }
    }

    private func forEach(
        _ sql: String, after: Int64?, _ body: (EntryRow) -> Bool
    ) throws(CatalogError) {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(built: sql)
            defer { statement.reset() }
            try statement.bind(1, after)
            let extras = try Self.extras(database)
            while try statement.step() {
                if try !body(EntryRow(statement, extras, database)) { return }
            }
        }
    }

    /// Calls `body`, until it says false, with the SHA-256 (32 bytes) and the path (UTF-8) of
    /// every archived file, by path.
    func forEachChecksum(
        _ body: (Span<UInt8>, Span<UInt8>) -> Bool
    ) throws(CatalogError) {
        try access { (database: Database) throws(CatalogError) in
            // No column more: all of them are sorted, where there is room for little.
            let statement = try database.statement(
                "SELECT sha256, file FROM recordings WHERE file IS NOT NULL ORDER BY file")
            defer { statement.reset() }
            var goesOn = true
            while goesOn, try statement.step() {
                statement.withBlob(0) { sha256 in
                    _ = statement.withText(1) { file in goesOn = body(sha256, file) }
                }
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

    /// The ids that hold these paths below the archive in any case, by the path in lower case.
    package func holders(ofFiles paths: [String]) throws(CatalogError) -> [String: String] {
        try holders(ofFolded: paths.map(RecordingName.caseFolded))
    }

    /// The same for paths that are in lower case already.
    ///
    /// All in one transaction: each statement alone would lock and unlock the file.
    package func holders(ofFolded files: [String]) throws(CatalogError) -> [String: String] {
        guard let first = files.min(), let last = files.max() else { return [:] }
        return try transaction { (database: Database) throws(CatalogError) in
            // What is committed together lies together, and few others lie between.
            if let few = try holders(
                from: first, to: last, atMost: Self.fewHolders + files.count / 8, database)
            {
                return few
            }
            var holders: [String: String] = [:]
            for file in files {
                let statement = try database.statement(
                    "SELECT id FROM recordings WHERE file IS NOT NULL AND lower(file) = ?")
                defer { statement.reset() }
                try statement.bind(1, file)
                if try statement.step() { holders[file] = statement.text(0) ?? "" }
            }
            return holders
        }
    }

    private static let fewHolders = 16

    /// Those of all paths in a range; nil when they are more than `limit`.
    private func holders(
        from first: String, to last: String, atMost limit: Int, _ database: Database
    ) throws(CatalogError) -> [String: String]? {
        let statement = try database.statement(
            """
            SELECT lower(file), id FROM recordings
            WHERE file IS NOT NULL AND lower(file) BETWEEN ? AND ?
            """)
        defer { statement.reset() }
        try statement.bind(1, first).bind(2, last)
        var holders: [String: String] = [:]
        while try statement.step() {
            guard holders.count < limit else { return nil }
            holders[statement.text(0) ?? ""] = statement.text(1) ?? ""
        }
        return holders
    }

    /// How many recordings stand where.
    package func summary() throws(CatalogError) -> ArchiveSummary {
        try access { (database: Database) throws(CatalogError) in
            var summary = ArchiveSummary()
            // One statement, so that another process, too, counts at one moment. Those that are
            // due are the pending ones and the failed ones, which are counted on their own.
            let statement = try database.statement(
                """
                SELECT 0, count(*), total(bytes)
                FROM recordings INDEXED BY recordings_by_sequence WHERE sequence IS NOT NULL
                UNION ALL
                SELECT 1, count(*), 0
                FROM recordings INDEXED BY recordings_due WHERE status IN (1, 5)
                UNION ALL
                SELECT status, count(*), 0
                FROM recordings INDEXED BY recordings_others WHERE status >= 2 GROUP BY status
                """)
            defer { statement.reset() }
            var due = 0
            while try statement.step() {
                let count = Int(statement.int64(1))
                switch ArchiveStatus(code: statement.int64(0)) {
                case .archived:
                    summary.archived = count
                    summary.bytes = Int64(statement.optionalDouble(2) ?? 0)
                case .pending: due = count
                case .waiting: summary.waiting = count
                case .unavailable: summary.unavailable = count
                case .gone: summary.gone = count
                case .failed: summary.failed = count
                case nil: break
                }
            }
            summary.pending = due - summary.failed
            summary.listed =
                summary.archived + due + summary.waiting + summary.unavailable + summary.gone
            return summary
        }
    }
}
