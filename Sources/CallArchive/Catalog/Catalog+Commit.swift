package import Platform

/// A file under its final name, durable, ready to be entered.
package struct ArchivedFile: Sendable, Equatable {
    package var row: Int64
    /// Path below the archive.
    package var file: String
    package var bytes: Int64
    /// 32 bytes.
    package var sha256: [UInt8]
    package var contentType: String?
    package var etag: String?
    package var lastModified: String?
    package var audio: AudioProperties
    /// There may be a note on its part, which goes.
    package var isNoted = true
}

/// How an attempt at a recording ended that did not archive it.
package struct Setback: Sendable, Equatable {
    package var row: Int64
    package var status: ArchiveStatus
    package var code: String
    package var message: String
    /// Attempts made in this run.
    package var attempts: Int
    /// What to keep for resuming; nil when the part is gone.
    package var partial: Partial?
}

extension Catalog {
    /// Enters archived files, each with the next sequence number; in one transaction.
    package func commit(
        _ files: [ArchivedFile], at time: Timestamp
    ) throws(CatalogError) {
        guard !files.isEmpty else { return }
        try transaction { (database: Database) throws(CatalogError) in
            // Never one that is given already, whatever the counter says.
            var sequence = max(
                try Meta.number("sequence", in: database) ?? 0,
                try Self.highestSequence(database))
            let update = try database.statement(
                """
                UPDATE recordings SET status = 0, file = ?2, bytes = ?3, sha256 = ?4,
                    content_type = ?5, etag = ?6, last_modified = ?7, container = ?8,
                    encoding = ?9, channels = ?10, sample_rate = ?11, duration = ?12,
                    archived_at = ?13, sequence = ?14,
                    error_code = NULL, error_message = NULL
                WHERE row = ?1
                """)
            // Where they lie: a copy counts each of its texts up and down.
            let files = files.span
            for index in files.indices {
                sequence += 1
                update.reset()
                try update.bind(1, files[index].row).bind(2, files[index].file)
                    .bind(3, files[index].bytes).bind(4, files[index].sha256)
                    .bind(5, files[index].contentType).bind(6, files[index].etag)
                    .bind(7, files[index].lastModified).bind(8, files[index].audio.container)
                    .bind(9, files[index].audio.encoding).bind(10, files[index].audio.channels)
                    .bind(11, files[index].audio.sampleRate)
                    .bind(12, files[index].audio.durationSeconds)
                    .bind(13, time.milliseconds).bind(14, sequence).run()
                if files[index].isNoted {
                    try database.statement("DELETE FROM partials WHERE row = ?")
                        .bind(1, files[index].row).run()
                }
            }
            try Meta.set("sequence", to: sequence, in: database)
            try Meta.touch(database)
        }
    }

    /// Enters what could not be archived, and what of it can be resumed; in one transaction.
    package func settle(_ setbacks: [Setback], at time: Timestamp) throws(CatalogError) {
        guard !setbacks.isEmpty else { return }
        try transaction { (database: Database) throws(CatalogError) in
            for setback in setbacks {
                try database.statement(
                    """
                    UPDATE recordings SET status = ?2, error_code = ?3, error_message = ?4,
                        attempts = attempts + ?5, last_attempt_at = ?6
                    WHERE row = ?1 AND status != 0
                    """
                ).bind(1, setback.row).bind(2, setback.status.code).bind(3, setback.code)
                    .bind(4, setback.message).bind(5, setback.attempts)
                    .bind(6, time.milliseconds).run()
                try keep(setback.partial, for: setback.row, database)
            }
            try Meta.touch(database)
        }
    }

    /// Notes validators of parts that an interrupted run leaves; the recordings stay due.
    package func keepPartials(
        _ partials: [(row: Int64, partial: Partial?)]
    ) throws(CatalogError) {
        guard !partials.isEmpty else { return }
        try transaction { (database: Database) throws(CatalogError) in
            for (row, partial) in partials { try keep(partial, for: row, database) }
        }
    }

    private func keep(
        _ partial: Partial?, for row: Int64, _ database: Database
    ) throws(CatalogError) {
        guard let partial else {
            try database.statement("DELETE FROM partials WHERE row = ?").bind(1, row).run()
            return
        }
        try database.statement(
            """
            INSERT OR REPLACE INTO partials
                (row, etag, last_modified, total, high_water, checked_size, checked_sha256)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, row).bind(2, partial.etag).bind(3, partial.lastModified)
            .bind(4, partial.total).bind(5, partial.highWater)
            .bind(6, partial.checkpoint?.size).bind(7, partial.checkpoint?.sha256).run()
    }

    /// Makes archived recordings due again whose files are not what they were.
    package func requeue(_ rows: [Int64]) throws(CatalogError) {
        guard !rows.isEmpty else { return }
        try transaction { (database: Database) throws(CatalogError) in
            for row in rows {
                try database.statement(
                    """
                    UPDATE recordings SET
                        status = CASE WHEN media IS NULL THEN 3 ELSE 1 END,
                        file = NULL, bytes = NULL, sha256 = NULL,
                        content_type = NULL, etag = NULL, last_modified = NULL,
                        container = NULL, encoding = NULL, channels = NULL, sample_rate = NULL,
                        duration = NULL, archived_at = NULL, sequence = NULL
                    WHERE row = ?
                    """
                ).bind(1, row).run()
            }
            claims.cursor = nil
            for row in rows { claims.handled.remove(row) }
            try Meta.touch(database)
        }
    }
}
