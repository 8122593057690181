package import Platform

/// An archived recording that is to be handed over.
package struct DueHandover: Sendable, Equatable {
    package var sequence: Int64
    package var entry: ArchiveEntry
}

/// Which archived files the user's program has had.
///
/// `handover_after` is the last sequence number that was looked at; each one up to it that the
/// program has not taken stands in `handovers`. So commits do nothing for it, and what runs
/// without the program archived is due as well. A file that was fetched again has a new number.
extension Catalog {
    private static let cursorName = "handover_after"

    /// Begins a run that hands over. The first one on an archive leaves out what is there already:
    /// the count of those, nil ever after.
    package func beginHandovers() throws(CatalogError) -> Int? {
        try transaction { (database: Database) throws(CatalogError) in
            // Files that are no longer there under that number.
            try database.execute(
                """
                DELETE FROM handovers WHERE NOT EXISTS
                    (SELECT 1 FROM recordings r WHERE r.sequence = handovers.sequence)
                """)
            guard try Meta.number(Self.cursorName, in: database) == nil else { return nil }
            try Meta.set(
                Self.cursorName, to: try Meta.number("sequence", in: database) ?? 0, in: database)
            let count = try database.statement(
                "SELECT count(*) FROM recordings WHERE sequence IS NOT NULL")
            defer { count.reset() }
            return try count.step() ? Int(count.int64(0)) : 0
        }
    }

    /// All archived files up to this number were taken; nil when nothing was ever handed over.
    package func handoverMark() throws(CatalogError) -> Int64? {
        try access { (database: Database) throws(CatalogError) in
            guard let after = try Meta.number(Self.cursorName, in: database) else { return nil }
            let statement = try database.statement(
                """
                SELECT min(h.sequence) FROM handovers h
                JOIN recordings r ON r.sequence = h.sequence
                """)
            defer { statement.reset() }
            guard try statement.step(), let first = statement.optionalInt64(0) else { return after }
            return min(after, first - 1)
        }
    }

    /// In a catalog that was rebuilt: what has a higher number is due.
    func restoreHandovers(after mark: Int64) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            try Meta.set(Self.cursorName, to: mark, in: database)
        }
    }

    /// The next ones, each once a run: new ones by sequence, then those of earlier runs, the least
    /// tried first. Empty: none at the moment.
    package func takeHandovers(
        limit: Int, run: Int64
    ) throws(CatalogError) -> [DueHandover] {
        while true {
            let sequences = try takeSequences(limit: limit, run: run)
            if sequences.isEmpty { return [] }
            var due: [DueHandover] = []
            for sequence in sequences {
                try forEachEntry(after: sequence - 1) { entry in
                    if entry.sequence == sequence {
                        due.append(DueHandover(sequence: sequence, entry: entry))
                    }
                    return false
                }
            }
            // All of them may have been set back to pending in between.
            if !due.isEmpty { return due }
        }
    }

    private func takeSequences(limit: Int, run: Int64) throws(CatalogError) -> [Int64] {
        try transaction { (database: Database) throws(CatalogError) in
            var sequences: [Int64] = []
            let new = try database.statement(
                """
                SELECT sequence FROM recordings WHERE sequence > ? ORDER BY sequence LIMIT ?
                """)
            try new.bind(1, try Meta.number(Self.cursorName, in: database) ?? 0).bind(2, limit)
            while try new.step() { sequences.append(new.int64(0)) }
            new.reset()
            if let last = sequences.last {
                for sequence in sequences {
                    try database.statement(
                        "INSERT OR REPLACE INTO handovers (sequence, run) VALUES (?, ?)"
                    ).bind(1, sequence).bind(2, run).run()
                }
                try Meta.set(Self.cursorName, to: last, in: database)
                return sequences
            }
            let old = try database.statement(
                """
                SELECT h.sequence FROM handovers h JOIN recordings r ON r.sequence = h.sequence
                WHERE h.run != ? ORDER BY h.attempts, h.sequence LIMIT ?
                """)
            try old.bind(1, run).bind(2, limit)
            while try old.step() { sequences.append(old.int64(0)) }
            old.reset()
            for sequence in sequences {
                try database.statement("UPDATE handovers SET run = ? WHERE sequence = ?")
                    .bind(1, run).bind(2, sequence).run()
            }
            return sequences
        }
    }

    /// Notes which ones the program took, and which it did not; in one transaction.
    package func settleHandovers(
        done: [Int64], failed: [(sequence: Int64, message: String)], at time: Timestamp
    ) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            for sequence in done {
                try database.statement("DELETE FROM handovers WHERE sequence = ?")
                    .bind(1, sequence).run()
            }
            for (sequence, message) in failed {
                try database.statement(
                    """
                    UPDATE handovers SET attempts = attempts + 1, last_attempt_at = ?2, error = ?3
                    WHERE sequence = ?1
                    """
                ).bind(1, sequence).bind(2, time.milliseconds).bind(3, message).run()
            }
        }
    }

    /// How many are still to be handed over, those that failed among them.
    package func countHandovers() throws(CatalogError) -> Int {
        try access { (database: Database) throws(CatalogError) in
            guard let after = try Meta.number(Self.cursorName, in: database) else { return 0 }
            let statement = try database.statement(
                """
                SELECT (SELECT count(*) FROM recordings WHERE sequence > ?)
                    + (SELECT count(*) FROM handovers h
                        JOIN recordings r ON r.sequence = h.sequence)
                """)
            defer { statement.reset() }
            try statement.bind(1, after)
            return try statement.step() ? Int(statement.int64(0)) : 0
        }
    }

    /// How often the program has failed for this file.
    package func handoverAttempts(_ sequence: Int64) throws(CatalogError) -> Int {
        try access { (database: Database) throws(CatalogError) in
            let statement = try database.statement(
                "SELECT attempts FROM handovers WHERE sequence = ?")
            defer { statement.reset() }
            try statement.bind(1, sequence)
            return try statement.step() ? Int(statement.int64(0)) : 0
        }
    }
}
