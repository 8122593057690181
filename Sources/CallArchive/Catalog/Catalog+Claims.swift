package import Platform

/// A recording handed out for download.
package struct Claim: Sendable {
    package var row: Int64
    package var id: String
    package var start: Timestamp?
    package var end: Timestamp?
    package var media: String
    /// Attempts of earlier runs.
    package var attempts: Int
    package var partial: Partial?

    /// As many bytes as telephone audio of its length has, 16 bits 8,000 times a second, or as the
    /// provider said when it was last asked; nil when neither is known.
    var expectedBytes: Int64? {
        if let total = partial?.total { return total }
        guard let start, let end, end > start else { return nil }
        let bytes = (end.milliseconds - start.milliseconds).multipliedReportingOverflow(by: 16)
        return bytes.overflow ? nil : bytes.partialValue
    }
}

/// What is known of an unfinished `.part`; its size is the file's own.
package struct Partial: Sendable, Equatable {
    package var etag: String?
    package var lastModified: String?
    /// Bytes of the whole, as the provider stated.
    package var total: Int64?
    /// The furthest the part ever came.
    package var highWater: Int64 = 0
    /// Up to where the part's bytes are known to be the provider's; later ones, and a part that
    /// doesn't agree, are not trusted by another run.
    package var checkpoint: Checkpoint?

    package init(etag: String?, lastModified: String?, total: Int64?, highWater: Int64 = 0) {
        self.etag = etag
        self.lastModified = lastModified
        self.total = total
        self.highWater = highWater
    }
}

/// The SHA-256 of a part's first bytes, as they came from the provider.
package struct Checkpoint: Sendable, Equatable {
    package var size: Int64
    /// 32 bytes.
    package var sha256: [UInt8]

    package init(size: Int64, sha256: [UInt8]) {
        self.size = size
        self.sha256 = sha256
    }
}

/// Which recordings a run takes on; by start time, those without one always.
package struct StartWindow: Sendable, Equatable {
    package var since: Timestamp?
    package var until: Timestamp?

    package init(since: Timestamp? = nil, until: Timestamp? = nil) {
        self.since = since
        self.until = until
    }

    package func contains(_ start: Timestamp?) -> Bool {
        guard let start else { return true }
        return (since.map { start >= $0 } ?? true) && (until.map { start < $0 } ?? true)
    }
}

/// How far this run's claims have come; kept in memory, since a killed run's are void.
struct ClaimState {
    /// A place in the order of claims: start time, unknown last, then id bytewise.
    struct Position: Comparable {
        static let unknownStart = Int64.max

        var startKey: Int64
        var id: String

        init(startKey: Int64, id: String) {
            self.startKey = startKey
            self.id = id
        }

        init(_ recording: Recording) {
            startKey = Self.startKey(recording.start)
            id = recording.id
        }

        static func startKey(_ start: Timestamp?) -> Int64 { start?.milliseconds ?? unknownStart }

        static func < (left: Position, right: Position) -> Bool {
            left.startKey != right.startKey
                ? left.startKey < right.startKey
                : left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
        }
    }

    var cursor: Position?
    var handled = RowSet()

    /// Looks again from before `position`, where something became due.
    mutating func rewind(to position: Position) {
        if let cursor, position <= cursor { self.cursor = nil }
    }
}

extension Catalog {
    /// The next recordings due, oldest first; each once a run. Empty: none at the moment.
    package func claim(
        limit: Int, in window: StartWindow
    ) throws(CatalogError) -> [Claim] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT r.row, r.id, r.end_time, r.media, r.start_key, r.attempts, p.row,
                    p.etag, p.last_modified, p.total, p.high_water,
                    p.checked_size, p.checked_sha256
                FROM recordings r INDEXED BY recordings_due
                LEFT JOIN partials p ON p.row = r.row
                WHERE r.status IN (1, 5) AND (r.start_key, r.id) > (?1, ?2)
                    AND (r.start_key BETWEEN ?3 AND ?4 OR r.start_key = ?5)
                ORDER BY r.start_key, r.id
                """)
            defer { statement.reset() }
            let unknown = ClaimState.Position.unknownStart
            try statement.bind(1, claims.cursor?.startKey ?? .min)
                .bind(2, claims.cursor?.id ?? "")
                .bind(3, window.since?.milliseconds ?? .min)
                .bind(4, window.until.map { $0.milliseconds - 1 } ?? unknown)
                .bind(5, unknown)
            var result: [Claim] = []
            while result.count < limit, try statement.step() {
                let row = statement.int64(0)
                let id = statement.text(1) ?? ""
                let startKey = statement.int64(4)
                claims.cursor = ClaimState.Position(startKey: startKey, id: id)
                guard claims.handled.insert(row) else { continue }
                var claim = Claim(
                    row: row, id: id,
                    start: startKey == unknown ? nil : Timestamp(milliseconds: startKey),
                    end: statement.text(2).flatMap(Timestamp.init(iso8601:)),
                    media: statement.text(3) ?? "", attempts: Int(statement.int64(5)))
                if !statement.isNull(6) {
                    claim.partial = Partial(
                        etag: statement.text(7), lastModified: statement.text(8),
                        total: statement.optionalInt64(9), highWater: statement.int64(10))
                    if let size = statement.optionalInt64(11), let sha256 = statement.blob(12) {
                        claim.partial?.checkpoint = Checkpoint(size: size, sha256: sha256)
                    }
                }
                result.append(claim)
            }
            return result
        }
    }

    /// How many recordings in the window are due.
    package func countDue(in window: StartWindow) throws(CatalogError) -> Int {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT count(*) FROM recordings INDEXED BY recordings_due
                WHERE status IN (1, 5) AND (start_key BETWEEN ?1 AND ?2 OR start_key = ?3)
                """)
            defer { statement.reset() }
            let unknown = ClaimState.Position.unknownStart
            try statement.bind(1, window.since?.milliseconds ?? .min)
                .bind(2, window.until.map { $0.milliseconds - 1 } ?? unknown)
                .bind(3, unknown)
            return try statement.step() ? Int(statement.int64(0)) : 0
        }
    }

    /// Makes what the provider once answered 404 or 410 for due again.
    package func retryGone() throws(CatalogError) -> Int {
        try transaction { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                UPDATE recordings INDEXED BY recordings_others
                SET status = 1, error_code = NULL, error_message = NULL
                WHERE status >= 2 AND status = 4 AND media IS NOT NULL
                """)
            try statement.run()
            let count = database.changes
            if count > 0 { try Meta.touch(database) }
            return count
        }
    }

    /// Takes claims back that were not tried to their end; they count as not handled.
    package func unclaim(_ rows: [Int64]) throws(CatalogError) {
        try access { _ in
            for row in rows { claims.handled.remove(row) }
        }
    }

    /// Ids of unfinished parts that can be resumed.
    package func idsWithPartials() throws(CatalogError) -> [String] {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                """
                SELECT r.id FROM partials p CROSS JOIN recordings r ON r.row = p.row
                WHERE r.status IN (1, 5)
                """)
            defer { statement.reset() }
            var ids: [String] = []
            while try statement.step() { ids.append(statement.text(0) ?? "") }
            return ids
        }
    }

    package func hasPartial(row: Int64) throws(CatalogError) -> Bool {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement("SELECT 1 FROM partials WHERE row = ?")
            defer { statement.reset() }
            try statement.bind(1, row)
            return try statement.step()
        }
    }
}
