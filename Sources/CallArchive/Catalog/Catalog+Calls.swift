package import Platform

/// What a walk through the provider's calls is to look for.
package struct WantedCalls: Sendable, Equatable {
    /// Recordings whose call is wanted.
    package var count = 0
    /// nil when one of them has no start time.
    package var oldestStart: Timestamp?

    package init() {}
}

/// A recording whose call was found.
package struct FoundCall: Sendable, Equatable {
    package var recording: String
    package var details: CallDetails
}

/// Who called whom: which recordings lack it, and what was found.
///
/// What a walk wants lies in a table of the connection's own, which SQLite keeps outside of
/// memory when it grows.
extension Catalog {
    /// Complete walks that don't show a call, or its end, until it is wanted no longer.
    package static let mostMisses = 3

    /// Notes what the walk is to look for; `callID` reads the id from a recording's `call`.
    package func beginCallWalk(
        in window: StartWindow, callID: (String) -> String?
    ) throws(CatalogError) -> WantedCalls {
        try transaction { (database: Database) throws(CatalogError) in
            try database.execute(
                """
                CREATE TEMP TABLE IF NOT EXISTS wanted_calls (
                    call TEXT NOT NULL, row INTEGER NOT NULL, is_seen INTEGER NOT NULL DEFAULT 0,
                    PRIMARY KEY (call, row)) WITHOUT ROWID
                """)
            try database.execute("DELETE FROM wanted_calls")
            let lacking = try database.statement(
                """
                SELECT r.row, r.call, r.start_key FROM recordings r
                LEFT JOIN call_details d ON d.row = r.row
                WHERE r.call IS NOT NULL
                    AND (d.row IS NULL OR d.end_time IS NULL AND d.misses < ?1)
                    AND (r.start_key BETWEEN ?2 AND ?3 OR r.start_key = ?4)
                """)
            defer { lacking.reset() }
            let unknown = ClaimState.Position.unknownStart
            try lacking.bind(1, Self.mostMisses).bind(2, window.since?.milliseconds ?? .min)
                .bind(3, window.until.map { $0.milliseconds - 1 } ?? unknown).bind(4, unknown)
            var wanted = WantedCalls()
            var oldest = Int64.max
            var isDated = true
            while try lacking.step() {
                guard let call = lacking.text(1).flatMap(callID) else { continue }
                try database.statement("INSERT INTO wanted_calls (call, row) VALUES (?, ?)")
                    .bind(1, call).bind(2, lacking.int64(0)).run()
                let start = lacking.int64(2)
                if start == unknown { isDated = false } else { oldest = min(oldest, start) }
                wanted.count += 1
            }
            if isDated, wanted.count > 0 { wanted.oldestStart = Timestamp(milliseconds: oldest) }
            return wanted
        }
    }

    /// Takes in one page of calls, in one transaction; what no recording wants is not kept.
    ///
    /// Returns those found for the first time in this walk.
    package func takeCalls(_ calls: [ListedCall]) throws(CatalogError) -> [FoundCall] {
        try transaction { (database: Database) throws(CatalogError) in
            var found: [FoundCall] = []
            for call in calls {
                var rows: [(row: Int64, id: String)] = []
                let wanted = try database.statement(
                    """
                    SELECT w.row, r.id FROM wanted_calls w JOIN recordings r ON r.row = w.row
                    WHERE w.call = ? AND w.is_seen = 0
                    """)
                try wanted.bind(1, call.id)
                while try wanted.step() { rows.append((wanted.int64(0), wanted.text(1) ?? "")) }
                wanted.reset()
                for (row, id) in rows {
                    try Self.put(call.details, row: row, database)
                    try database.statement(
                        "UPDATE wanted_calls SET is_seen = 1 WHERE call = ? AND row = ?"
                    ).bind(1, call.id).bind(2, row).run()
                    found.append(FoundCall(recording: id, details: call.details))
                }
            }
            if !found.isEmpty { try Meta.touch(database) }
            return found
        }
    }

    /// Ends a walk; one that was complete counts against calls that it didn't show to their end.
    package func endCallWalk(isComplete: Bool) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            if isComplete {
                try database.statement(
                    """
                    INSERT INTO call_details (row, is_found, misses)
                    SELECT row, 0, 1 FROM wanted_calls WHERE true
                    ON CONFLICT (row) DO UPDATE SET misses = misses + 1 WHERE end_time IS NULL
                    """
                ).run()
            }
            try database.execute("DELETE FROM wanted_calls")
        }
    }

    static func put(
        _ details: CallDetails, row: Int64, _ database: Database
    ) throws(CatalogError) {
        try database.statement(
            """
            INSERT INTO call_details
                (row, is_found, call_from, call_to, direction, start_time, end_time)
            VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (row) DO UPDATE SET is_found = 1, call_from = ?2, call_to = ?3,
                direction = ?4, start_time = ?5, end_time = ?6
            """
        ).bind(1, row).bind(2, details.from).bind(3, details.to).bind(4, details.direction)
            .bind(5, details.startTime).bind(6, details.endTime).run()
    }
}
