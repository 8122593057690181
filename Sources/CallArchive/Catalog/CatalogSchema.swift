/// The catalog's tables, by version; `PRAGMA user_version` says which one a file has.
enum CatalogSchema {
    /// Each step brings a file from its index to the next version.
    static let migrations: [String] = [
        """
        CREATE TABLE meta (
            name TEXT PRIMARY KEY,
            value
        ) WITHOUT ROWID;

        CREATE TABLE recordings (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            source BLOB NOT NULL,
            state TEXT,
            start_time TEXT,
            end_time TEXT,
            call TEXT,
            media TEXT,
            start_key INTEGER NOT NULL,
            status INTEGER NOT NULL,
            listed INTEGER NOT NULL DEFAULT 1,
            file TEXT,
            bytes INTEGER,
            sha256 BLOB,
            content_type TEXT,
            etag TEXT,
            last_modified TEXT,
            container TEXT,
            encoding TEXT,
            channels INTEGER,
            sample_rate INTEGER,
            duration REAL,
            archived_at INTEGER,
            sequence INTEGER,
            error_code TEXT,
            error_message TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            last_attempt_at INTEGER
        );
        CREATE INDEX recordings_by_time ON recordings(start_key, id);
        CREATE INDEX recordings_by_status ON recordings(status, listed, bytes);
        CREATE INDEX recordings_due ON recordings(start_key, id) WHERE status IN (1, 5);
        CREATE UNIQUE INDEX recordings_by_sequence ON recordings(sequence)
            WHERE sequence IS NOT NULL;
        CREATE UNIQUE INDEX recordings_by_file ON recordings(lower(file)) WHERE file IS NOT NULL;

        CREATE TABLE partials (
            row INTEGER PRIMARY KEY,
            etag TEXT,
            last_modified TEXT,
            total INTEGER,
            high_water INTEGER NOT NULL,
            checked_size INTEGER,
            checked_sha256 BLOB
        );

        CREATE TABLE runs (
            run INTEGER PRIMARY KEY,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            exit_status INTEGER,
            listing_complete INTEGER,
            pages INTEGER,
            archived INTEGER,
            bytes INTEGER,
            failed INTEGER,
            requests INTEGER,
            error TEXT
        );
        """,
        details,
        handovers,
        indexes,
    ]

    /// What is known beside the recordings themselves, one row each, keyed as they are.
    private static let details = """
        CREATE TABLE call_details (
            row INTEGER PRIMARY KEY,
            is_found INTEGER NOT NULL,
            call_from TEXT,
            call_to TEXT,
            direction TEXT,
            start_time TEXT,
            end_time TEXT,
            misses INTEGER NOT NULL DEFAULT 0
        );

        CREATE TABLE transcriptions (
            row INTEGER PRIMARY KEY,
            state TEXT,
            file TEXT,
            bytes INTEGER,
            sha256 BLOB,
            is_settled INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            asked_at INTEGER
        );
        CREATE UNIQUE INDEX transcriptions_by_file ON transcriptions(lower(file))
            WHERE file IS NOT NULL;
        """

    /// Archived files that the user's program was to be given and has not taken yet.
    private static let handovers = """
        CREATE TABLE handovers (
            sequence INTEGER PRIMARY KEY,
            run INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            last_attempt_at INTEGER,
            error TEXT
        );
        """

    /// Without an index of all statuses, into which each insert put a row, and each commit another:
    /// a recording is in the first, in the second or, where few are, in the third; failed ones in
    /// two. They have what is counted, so that nothing need be looked up in the table for it.
    /// To have a number is to be archived; a rebuild may have left one with what wasn't.
    private static let indexes = """
        DROP INDEX recordings_by_status;
        DROP INDEX recordings_by_sequence;
        DROP INDEX recordings_due;
        UPDATE recordings SET sequence = NULL WHERE sequence IS NOT NULL AND status <> 0;
        CREATE INDEX recordings_by_sequence ON recordings(sequence, bytes, listed)
            WHERE sequence IS NOT NULL;
        CREATE INDEX recordings_due ON recordings(start_key, id, status, listed)
            WHERE status IN (1, 5);
        CREATE INDEX recordings_others ON recordings(status, listed) WHERE status >= 2;
        """

    /// Brings the file to the newest version, each step in one transaction.
    static func migrate(_ database: Database) throws(CatalogError) {
        while true {
            let version = try userVersion(database)
            if version > migrations.count {
                throw CatalogError(
                    .newer,
                    "its schema version is \(version), this program knows \(migrations.count)")
            }
            if version == migrations.count { return }
            try database.transaction { () throws(CatalogError) in
                // Another process may have been quicker.
                guard try userVersion(database) == version else { return }
                try database.execute(migrations[version])
                try database.execute("PRAGMA user_version = \(version + 1)")
            }
        }
    }

    /// A file whose tables are not those of its version is damaged, whatever made it so.
    static func expectTables(_ database: Database) throws(CatalogError) {
        let tables = [
            ["meta", "recordings", "partials", "runs"], ["call_details", "transcriptions"],
            ["handovers"],
        ].prefix(try userVersion(database)).joined()
        for name in tables {
            let statement = try database.statement(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
            defer { statement.reset() }
            guard try statement.bind(1, name).step() else {
                throw CatalogError(.damaged, "it has no table '\(name)'")
            }
        }
    }

    static func userVersion(_ database: Database) throws(CatalogError) -> Int {
        let statement = try database.statement("PRAGMA user_version")
        defer { statement.reset() }
        let version = try statement.step() ? Int(statement.int64(0)) : 0
        guard version >= 0 else {
            throw CatalogError(.damaged, "its schema version is \(version)")
        }
        return version
    }
}

extension ArchiveStatus {
    /// The number that stands for the status in the catalog; never changed once given.
    var code: Int64 {
        switch self {
        case .archived: 0
        case .pending: 1
        case .waiting: 2
        case .unavailable: 3
        case .gone: 4
        case .failed: 5
        }
    }

    init?(code: Int64) {
        guard let status = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = status
    }
}
