/// Where the last verification stopped, in the order of rows.
///
/// Files are verified round and round in that order, so that the next ones are always those that
/// were not looked at for the longest time.
extension Catalog {
    /// The raw value is its name in `meta`.
    enum VerifyCursor: String {
        case recordings = "verify_cursor"
        case texts = "verify_text_cursor"
    }

    func verifyCursor(_ cursor: VerifyCursor) throws(CatalogError) -> Int64 {
        try access { (database: Database) throws(CatalogError) in
            try Meta.number(cursor.rawValue, in: database) ?? 0
        }
    }

    func setVerifyCursor(_ cursor: VerifyCursor, to row: Int64) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            try Meta.set(cursor.rawValue, to: row, in: database)
        }
    }

    /// The archived files of the rows after `row` up to `last`, in row order, `limit` at most.
    func filesToVerify(
        after row: Int64, through last: Int64, limit: Int
    ) throws(CatalogError) -> [KnownFile] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT row, id, file, bytes, sha256 FROM recordings
                WHERE row > ? AND row <= ? AND file IS NOT NULL ORDER BY row LIMIT ?
                """)
            defer { statement.reset() }
            try statement.bind(1, row).bind(2, last).bind(3, limit)
            var result: [KnownFile] = []
            while try statement.step() {
                result.append(
                    KnownFile(
                        row: statement.int64(0), id: statement.text(1) ?? "",
                        file: statement.text(2) ?? "", bytes: statement.int64(3),
                        sha256: statement.blob(4) ?? []))
            }
            return result
        }
    }

    /// Whether the file is still what the catalog says of that row.
    func isCurrent(_ file: KnownFile) throws(CatalogError) -> Bool {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT sha256 FROM recordings WHERE row = ? AND file = ?")
            defer { statement.reset() }
            try statement.bind(1, file.row).bind(2, file.file)
            return try statement.step() && statement.blob(0, equals: file.sha256)
        }
    }

    /// Whether a recording has exactly this path; one that differs in case only doesn't count.
    func knows(file: String) throws(CatalogError) -> Bool {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT file FROM recordings
                WHERE file IS NOT NULL AND lower(file) = lower(?)
                """)
            defer { statement.reset() }
            try statement.bind(1, file)
            if try statement.step() { return statement.text(0) == file }
            return try Self.isTranscription(file, database)
        }
    }
}
