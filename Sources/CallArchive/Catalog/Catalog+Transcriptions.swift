package import Platform

/// An archived recording whose transcription is to be asked for.
package struct TranscriptionClaim: Sendable, Equatable {
    package var row: Int64
    package var id: String
    package var startTime: String?
    package var endTime: String?
    /// The audio's path below the archive.
    package var file: String
    /// What is known of it: the provider's word at the last time.
    package var state: String?
    /// Milliseconds; nil: it was never asked for.
    package var askedAt: Int64?
}

/// How far a pass over the claims has come; it gets each of them once.
package struct TranscriptionCursor: Sendable {
    /// What was asked for later is what this pass asked for.
    private let start: Timestamp
    /// nil while among those never asked for.
    fileprivate var asked: Int64?
    fileprivate var row: Int64 = 0

    package init(start: Timestamp) {
        self.start = start
    }

    fileprivate var end: Int64 { start.milliseconds }
}

/// What was found out about one recording's transcription.
package struct TranscriptionFinding: Sendable, Equatable {
    package var row: Int64
    /// nil: the provider has none.
    package var state: String?
    /// A text under its final name, durable.
    package var text: TextFile?
    /// Not to be asked for again.
    package var isSettled: Bool
    /// This time the text could not be had.
    package var hasFailed = false

    package struct TextFile: Sendable, Equatable {
        package var file: String
        package var bytes: Int64
        /// 32 bytes.
        package var sha256: [UInt8]
    }
}

extension Catalog {
    /// The window by the rows' own values: two looks into its index would hold all of their rows.
    private static let lacking = """
        FROM recordings r LEFT JOIN transcriptions t ON t.row = r.row
        WHERE r.sequence IS NOT NULL AND r.listed = 1 AND r.file IS NOT NULL
            AND (t.row IS NULL OR t.is_settled = 0 AND t.failures < ?1)
            AND (+r.start_key BETWEEN ?2 AND ?3 OR +r.start_key = ?4)
        """

    /// The next archived recordings that may have a transcription which the archive lacks; empty
    /// at the end. The provider is asked only for those that it still lists.
    ///
    /// First those never asked for, by row; then the others, the longest ago first, so that what
    /// fails again and again keeps none from its turn.
    package func transcriptionClaims(
        _ cursor: inout TranscriptionCursor, limit: Int, in window: StartWindow
    ) throws(CatalogError) -> [TranscriptionClaim] {
        if cursor.asked == nil {
            let new = try claims(
                "AND t.row IS NULL AND r.row > ?5 ORDER BY r.row LIMIT ?6", window
            ) { (statement: Statement) throws(CatalogError) in
                try statement.bind(5, cursor.row).bind(6, limit)
            }
            if let last = new.last {
                cursor.row = last.row
                return new
            }
            (cursor.asked, cursor.row) = (.min, 0)
        }
        let again = try claims(
            """
            AND t.row IS NOT NULL AND coalesce(t.asked_at, 0) < ?7
            AND (coalesce(t.asked_at, 0), r.row) > (?8, ?5)
            ORDER BY coalesce(t.asked_at, 0), r.row LIMIT ?6
            """, window
        ) { (statement: Statement) throws(CatalogError) in
            try statement.bind(5, cursor.row).bind(6, limit).bind(7, cursor.end)
                .bind(8, cursor.asked ?? .min)
        }
        if let last = again.last { (cursor.asked, cursor.row) = (last.askedAt ?? 0, last.row) }
        return again
    }

    private func claims(
        _ rest: StaticString, _ window: StartWindow,
        _ bindRest: (Statement) throws(CatalogError) -> Void
    ) throws(CatalogError) -> [TranscriptionClaim] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                built: """
                    SELECT r.row, r.id, r.start_time, r.end_time, r.file, t.state, t.asked_at
                    \(Self.lacking) \(rest)
                    """)
            defer { statement.reset() }
            try bind(window, to: statement)
            try bindRest(statement)
            var claims: [TranscriptionClaim] = []
            while try statement.step() {
                claims.append(
                    TranscriptionClaim(
                        row: statement.int64(0), id: statement.text(1) ?? "",
                        startTime: statement.text(2), endTime: statement.text(3),
                        file: statement.text(4) ?? "", state: statement.text(5),
                        askedAt: statement.optionalInt64(6)))
            }
            return claims
        }
    }

    /// A time behind all at which transcriptions were asked for, whatever the clock said then.
    package func afterLastTranscription() throws(CatalogError) -> Timestamp {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement("SELECT max(asked_at) FROM transcriptions")
            defer { statement.reset() }
            let last = try statement.step() ? statement.optionalInt64(0) : nil
            return Timestamp(milliseconds: (last ?? 0) + 1)
        }
    }

    package func countTranscriptionClaims(in window: StartWindow) throws(CatalogError) -> Int {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(built: "SELECT count(*) \(Self.lacking)")
            defer { statement.reset() }
            try bind(window, to: statement)
            return try statement.step() ? Int(statement.int64(0)) : 0
        }
    }

    @discardableResult
    private func bind(
        _ window: StartWindow, to statement: Statement
    ) throws(CatalogError) -> Statement {
        let unknown = ClaimState.Position.unknownStart
        return try statement.bind(1, TranscriptionRule.attempts)
            .bind(2, window.since?.milliseconds ?? .min)
            .bind(3, window.until.map { $0.milliseconds - 1 } ?? unknown).bind(4, unknown)
    }

    /// Enters what was found out, in one transaction.
    package func settle(
        _ findings: [TranscriptionFinding], at time: Timestamp
    ) throws(CatalogError) {
        guard !findings.isEmpty else { return }
        try transaction { (database: Database) throws(CatalogError) in
            for finding in findings {
                try database.statement(
                    """
                    INSERT INTO transcriptions
                        (row, state, file, bytes, sha256, is_settled, failures, asked_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                    ON CONFLICT (row) DO UPDATE SET state = ?2, file = ?3, bytes = ?4,
                        sha256 = ?5, is_settled = ?6, failures = failures + ?7, asked_at = ?8
                    """
                ).bind(1, finding.row).bind(2, finding.state).bind(3, finding.text?.file)
                    .bind(4, finding.text?.bytes).bind(5, finding.text?.sha256)
                    .bind(6, finding.isSettled ? 1 : 0).bind(7, finding.hasFailed ? 1 : 0)
                    .bind(8, time.milliseconds).run()
            }
            try Meta.touch(database)
        }
    }

    /// The texts of the rows after `row`, in row order.
    package func texts(after row: Int64, limit: Int) throws(CatalogError) -> [KnownFile] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT t.row, r.id, t.file, t.bytes, t.sha256
                FROM transcriptions t JOIN recordings r ON r.row = t.row
                WHERE t.row > ? AND t.file IS NOT NULL ORDER BY t.row LIMIT ?
                """)
            defer { statement.reset() }
            try statement.bind(1, row).bind(2, limit)
            var texts: [KnownFile] = []
            while try statement.step() {
                texts.append(
                    KnownFile(
                        row: statement.int64(0), id: statement.text(1) ?? "",
                        file: statement.text(2) ?? "", bytes: statement.int64(3),
                        sha256: statement.blob(4) ?? []))
            }
            return texts
        }
    }

    /// Whether the text is still what the catalog says of that row.
    func isCurrentText(_ text: KnownFile) throws(CatalogError) -> Bool {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT sha256 FROM transcriptions WHERE row = ? AND file = ?")
            defer { statement.reset() }
            try statement.bind(1, text.row).bind(2, text.file)
            return try statement.step() && statement.blob(0, equals: text.sha256)
        }
    }

    /// Forgets texts whose files are not what they were: they are asked for again while the
    /// provider has them.
    package func forgetTexts(_ rows: [Int64]) throws(CatalogError) {
        guard !rows.isEmpty else { return }
        try transaction { (database: Database) throws(CatalogError) in
            for row in rows {
                try database.statement(
                    """
                    UPDATE transcriptions SET file = NULL, bytes = NULL, sha256 = NULL,
                        is_settled = 0, failures = 0 WHERE row = ?
                    """
                ).bind(1, row).run()
            }
            try Meta.touch(database)
        }
    }

    /// The row whose text has this path, in any case; nil when none does.
    func rowOfText(_ file: String) throws(CatalogError) -> Int64? {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT row FROM transcriptions WHERE file IS NOT NULL AND lower(file) = lower(?)")
            defer { statement.reset() }
            try statement.bind(1, file)
            return try statement.step() ? statement.int64(0) : nil
        }
    }
}
