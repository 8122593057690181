import Platform

/// What is not archived, by age. Recordings without a start time have no age.
extension Catalog {
    /// Pending, failed and, unless `dueOnly`, waiting ones that started by a moment; the oldest
    /// first.
    func notArchived(
        startedBy latest: Timestamp, limit: Int, rule: RetentionRule, at time: Timestamp,
        dueOnly: Bool = false
    ) throws(CatalogError) -> [RecordingAtRisk] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT id, status, start_time, start_key FROM recordings INDEXED BY recordings_due
                WHERE status IN (1, 5) AND start_key <= ?1
                UNION ALL
                SELECT id, status, start_time, start_key
                FROM recordings INDEXED BY recordings_others
                WHERE status >= 2 AND status = 2 AND start_key <= ?1 AND NOT ?3
                ORDER BY start_key, id LIMIT ?2
                """)
            defer { statement.reset() }
            try statement.bind(1, latest.milliseconds).bind(2, limit).bind(3, dueOnly ? 1 : 0)
            var result: [RecordingAtRisk] = []
            while try statement.step() {
                let start = Timestamp(milliseconds: statement.int64(3))
                result.append(
                    RecordingAtRisk(
                        id: statement.text(0) ?? "",
                        status: ArchiveStatus(code: statement.int64(1)) ?? .pending,
                        startTime: statement.text(2) ?? "", start: start,
                        expiresAt: rule.expiry(ofStart: start),
                        daysLeft: rule.daysLeft(ofStart: start, at: time)))
            }
            return result
        }
    }

    func countNotArchived(startedBy latest: Timestamp) throws(CatalogError) -> Int {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT
                    (SELECT count(*) FROM recordings INDEXED BY recordings_due
                    WHERE status IN (1, 5) AND start_key <= ?1)
                    + (SELECT count(*) FROM recordings INDEXED BY recordings_others
                    WHERE status >= 2 AND status = 2 AND start_key <= ?1)
                """)
            defer { statement.reset() }
            try statement.bind(1, latest.milliseconds)
            return try statement.step() ? Int(statement.int64(0)) : 0
        }
    }

    /// Why failed, gone and unavailable ones are not archived; what most have in common first.
    func reasons(limit: Int) throws(CatalogError) -> [NotArchivedReason] {
        try access { (database: Database) throws(CatalogError) in
            // The other columns are those of the row with the least id.
            let statement = try database.statement(
                """
                SELECT status, error_code, count(*), min(id), error_message
                FROM recordings INDEXED BY recordings_others
                WHERE status >= 2 AND status IN (3, 4, 5) AND error_code IS NOT NULL
                GROUP BY status, error_code ORDER BY count(*) DESC, status DESC, error_code LIMIT ?
                """)
            defer { statement.reset() }
            try statement.bind(1, limit)
            var result: [NotArchivedReason] = []
            while try statement.step() {
                result.append(
                    NotArchivedReason(
                        status: ArchiveStatus(code: statement.int64(0)) ?? .failed,
                        code: statement.text(1) ?? "", count: Int(statement.int64(2)),
                        id: statement.text(3) ?? "", message: statement.text(4) ?? ""))
            }
            return result
        }
    }
}
