import Platform

// Which members beside the usual ones the archive keeps, and what it has of them.
extension Catalog {
    private static let extrasName = "extras"

    /// What the archive keeps, by this run or any before it.
    package func extras() throws(CatalogError) -> EntryExtras {
        try access { (database: Database) throws(CatalogError) in try Self.extras(database) }
    }

    /// From now on the archive keeps these too.
    package func keep(_ extras: EntryExtras) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            try Self.keep(extras, database)
        }
    }

    static func extras(_ database: Database) throws(CatalogError) -> EntryExtras {
        EntryExtras(rawValue: Int(try Meta.number(extrasName, in: database) ?? 0))
    }

    static func keep(_ extras: EntryExtras, _ database: Database) throws(CatalogError) {
        let known = try Self.extras(database)
        guard !known.isSuperset(of: extras) else { return }
        try Meta.set(extrasName, to: Int64(known.union(extras).rawValue), in: database)
        try Meta.touch(database)
    }

    /// What is kept of one recording's call; nil when the provider didn't know it, or wasn't asked.
    static func callDetails(
        row: Int64, _ database: Database
    ) throws(CatalogError) -> CallDetails? {
        let statement = try database.statement(
            """
            SELECT call_from, call_to, direction, start_time, end_time FROM call_details
            WHERE row = ? AND is_found = 1
            """)
        defer { statement.reset() }
        guard try statement.bind(1, row).step() else { return nil }
        return CallDetails(
            from: statement.text(0), to: statement.text(1), direction: statement.text(2),
            startTime: statement.text(3), endTime: statement.text(4))
    }

    /// What is kept of one recording's transcription; nil when there is none.
    static func transcription(
        row: Int64, _ database: Database
    ) throws(CatalogError) -> Transcription? {
        let statement = try database.statement(
            """
            SELECT state, file, bytes, sha256 FROM transcriptions
            WHERE row = ? AND state IS NOT NULL
            """)
        defer { statement.reset() }
        guard try statement.bind(1, row).step() else { return nil }
        return Transcription(
            state: statement.text(0) ?? "", file: statement.text(1),
            bytes: statement.optionalInt64(2), sha256: statement.blob(3).map(Hex.text))
    }

    /// Enters what a manifest told of an entry that has just been entered.
    static func restoreExtras(
        of entry: ArchiveEntry, row: Int64, _ database: Database
    ) throws(CatalogError) {
        if let details = entry.callDetails { try put(details, row: row, database) }
        guard let transcription = entry.transcription else { return }
        var known = transcription
        if let file = known.file, try isTaken(file, database) {
            known = Transcription(state: known.state)
        }
        // Text or not, a failed one is not asked for again.
        let isSettled =
            known.file != nil || ListedTranscription.State(word: known.state) == .error
        try database.statement(
            """
            INSERT OR REPLACE INTO transcriptions (row, state, file, bytes, sha256, is_settled)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        ).bind(1, row).bind(2, known.state).bind(3, known.file).bind(4, known.bytes)
            .bind(5, known.sha256.flatMap(Hex.bytes)).bind(6, isSettled ? 1 : 0).run()
    }

    private static func isTaken(
        _ file: String, _ database: Database
    ) throws(CatalogError) -> Bool {
        let statement = try database.statement(
            "SELECT 1 FROM transcriptions WHERE file IS NOT NULL AND lower(file) = lower(?)")
        defer { statement.reset() }
        try statement.bind(1, file)
        return try statement.step()
    }

    static func isTranscription(
        _ file: String, _ database: Database
    ) throws(CatalogError) -> Bool {
        let statement = try database.statement(
            "SELECT file FROM transcriptions WHERE file IS NOT NULL AND lower(file) = lower(?)")
        defer { statement.reset() }
        try statement.bind(1, file)
        return try statement.step() && statement.text(0) == file
    }
}
