package import Platform

/// One walk through the provider's listing: which rows it has shown so far.
package struct Walk: Sendable {
    package private(set) var seen = RowSet()
    /// Rows that were listed again in the same walk.
    package internal(set) var repeats = 0

    package init() {}

    mutating func see(_ row: Int64) -> Bool {
        let isNew = seen.insert(row)
        if !isNew { repeats += 1 }
        return isNew
    }
}

/// What a page changed.
package struct PageChange: Sendable, Equatable {
    /// Ids that this walk had not shown before.
    package var fresh = 0
    /// Recordings that became due for download.
    package var due = 0
    /// States this program doesn't know, as given.
    package var unknownStates: [String] = []

    package init() {}
}

extension Catalog {
    /// Takes in one page of the listing, in one transaction.
    package func record(
        _ recordings: [Recording], in walk: inout Walk
    ) throws(CatalogError) -> PageChange {
        var taking = PageTaking(recordings, walk)
        try transaction { (database: Database) throws(CatalogError) in
            try bind(database)
            // By their places: a copy counts each of its texts up and down.
            for index in recordings.indices {
                if taking.fresh.contains(recordings[index].id, in: recordings) {
                    try insertFresh(&taking, database)
                }
                if taking.takesAsFresh {
                    taking.fresh.append(index)
                } else if try !takeKnown(index, &taking, database) {
                    taking.fresh.append(index)
                }
                if taking.fresh.isFull { try insertFresh(&taking, database) }
            }
            try insertFresh(&taking, database)
            if taking.hasChanged { try Meta.touch(database) }
        }
        walk = taking.walk
        if let earliest = taking.earliest { try access { _ in claims.rewind(to: earliest) } }
        return taking.change
    }

    /// Looks a recording up and brings its row up to date; false when there is none.
    private func takeKnown(
        _ index: Int, _ taking: inout PageTaking, _ database: Database
    ) throws(CatalogError) -> Bool {
        let find = try database.statement(
            """
            SELECT row, status, listed, error_code, state, start_time, end_time, call, media
            FROM recordings WHERE id = ?
            """)
        defer { find.reset() }
        try find.bind(1, taking.page[index].id)
        guard try find.step() else { return false }
        let recording = taking.page[index]
        let row = find.int64(0)
        let isFresh = taking.walk.see(row)
        let isUnchanged =
            find.int64(2) == 1 && find.text(4, equals: recording.state.word)
            && find.text(5, equals: recording.startTime) && find.text(6, equals: recording.endTime)
            && find.text(7, equals: recording.call) && find.text(8, equals: recording.media)
        // Listed twice in one walk: complete wins over what it was before.
        let isLesser =
            !isFresh && find.text(4) == RecordingState.complete.word
            && recording.state != .complete
        if isUnchanged || isLesser {
            taking.note(index, .init(isFresh: isFresh))
            return true
        }
        let was = ArchiveStatus(code: find.int64(1)) ?? .pending
        let known = StatusRule.Known(
            status: was, errorCode: find.text(3), media: find.text(8))
        let status = StatusRule.status(of: recording, known: known)
        find.reset()
        try update(row, recording, from: was, to: status, database)
        taking.note(
            index,
            .init(
                isFresh: isFresh, hasChanged: true, isDue: status == .pending && was != .pending,
                hasMoved: status == .pending || status == .failed))
        return true
    }

    /// Inserts what was taken for fresh.
    private func insertFresh(
        _ taking: inout PageTaking, _ database: Database
    ) throws(CatalogError) {
        let places = taking.fresh.take()
        if places.count == FreshRows.most,
            try insert(places[...], FreshRows.insertion, &taking, database)
        {
            return
        }
        for place in places.indices
        where try !insert(
            places[place...place], FreshRows.singleInsertion, &taking, database)
        {
            // The catalog has it after all, and may have more of this page.
            taking.looksAllUp = true
            _ = try takeKnown(places[place], &taking, database)
        }
    }

    /// False when the catalog has one of them already; then none is inserted.
    private func insert(
        _ places: ArraySlice<Int>, _ sql: String, _ taking: inout PageTaking,
        _ database: Database
    ) throws(CatalogError) -> Bool {
        let statement = try database.statement(built: sql)
        // Where they lie: a copy counts each of its texts up and down.
        let page = taking.page
        let recordings = page.span
        var place: Int32 = 0
        for index in places {
            let status = StatusRule.status(of: recordings[index], known: nil)
            let reason =
                status == .unavailable
                ? StatusRule.unavailability(of: recordings[index]) : nil
            try statement.bind(place + 1, recordings[index].id)
                .bind(place + 2, recordings[index].state.word)
                .bind(place + 3, recordings[index].startTime)
                .bind(place + 4, recordings[index].endTime)
                .bind(place + 5, recordings[index].call)
                .bind(place + 6, recordings[index].media)
                .bind(place + 7, ClaimState.Position.startKey(recordings[index].start))
                .bind(place + 8, status.code).bind(place + 9, reason?.code)
                .bind(place + 10, reason?.message)
            place += 10
        }
        guard try statement.runUnlessTaken() else { return false }
        // One statement numbers its rows without a gap.
        var row = database.lastRow - Int64(places.count)
        for index in places {
            row += 1
            _ = taking.walk.see(row)
            let isDue = StatusRule.status(of: recordings[index], known: nil) == .pending
            taking.note(index, .init(isFresh: true, hasChanged: true, isDue: isDue))
        }
        return true
    }

    private func update(
        _ row: Int64, _ recording: Recording, from was: ArchiveStatus, to status: ArchiveStatus,
        _ database: Database
    ) throws(CatalogError) {
        let statement = try database.statement(
            """
            UPDATE recordings SET source = x'', state = ?2, start_time = ?3, end_time = ?4,
                call = ?5, media = ?6, start_key = ?7, status = ?8, listed = 1
            WHERE row = ?1
            """)
        try statement.bind(1, row).bind(2, recording.state.word).bind(3, recording.startTime)
            .bind(4, recording.endTime).bind(5, recording.call).bind(6, recording.media)
            .bind(7, ClaimState.Position.startKey(recording.start)).bind(8, status.code).run()
        if status == was && status != .unavailable { return }
        let reason =
            status == .unavailable ? StatusRule.unavailability(of: recording) : nil
        try database.statement(
            "UPDATE recordings SET error_code = ?2, error_message = ?3 WHERE row = ?1"
        ).bind(1, row).bind(2, reason?.code).bind(3, reason?.message).run()
    }

    /// Closes a walk that reached its end: what it didn't show is no longer listed.
    ///
    /// Returns how many entries that changed.
    package func finishWalk(
        _ walk: Walk, pages: Int, at time: Timestamp
    ) throws(CatalogError) -> Int {
        try transaction { (database: Database) throws(CatalogError) in
            var vanished: [Int64] = []
            let listed = try database.statement(
                """
                SELECT row FROM recordings INDEXED BY recordings_by_sequence
                WHERE sequence IS NOT NULL AND listed = 1
                UNION ALL
                SELECT row FROM recordings INDEXED BY recordings_due
                WHERE status IN (1, 5) AND listed = 1
                UNION ALL
                SELECT row FROM recordings INDEXED BY recordings_others
                WHERE status >= 2 AND status IN (2, 3, 4) AND listed = 1
                """)
            while try listed.step() {
                let row = listed.int64(0)
                if !walk.seen.contains(row) { vanished.append(row) }
            }
            listed.reset()
            for row in vanished {
                try database.statement("UPDATE recordings SET listed = 0 WHERE row = ?")
                    .bind(1, row).run()
            }
            let wasComplete = try Meta.number("listing_complete", in: database) == 1
            let hadPages = try Meta.number("listing_pages", in: database)
            if !vanished.isEmpty || !wasComplete || hadPages != Int64(pages) {
                try Meta.touch(database)
            }
            try Meta.set("listing_complete", to: 1, in: database)
            try Meta.set("listing_pages", to: Int64(pages), in: database)
            try Meta.set("listing_completed_at", to: time.milliseconds, in: database)
            return vanished.count
        }
    }

    /// Notes that the last walk did not reach its end.
    package func abandonWalk(pages: Int) throws(CatalogError) {
        try transaction { (database: Database) throws(CatalogError) in
            if try Meta.number("listing_complete", in: database) != 0 {
                try Meta.touch(database)
            }
            try Meta.set("listing_complete", to: 0, in: database)
            try Meta.set("listing_pages", to: Int64(pages), in: database)
        }
    }

    /// After the downloads: what vanished from a complete walk and still isn't archived is gone.
    ///
    /// Rows that are due but were not tried in this run stay due: the media may still be there.
    /// Returns the rows that are gone now.
    package func expireVanished() throws(CatalogError) -> [Int64] {
        try transaction { (database: Database) throws(CatalogError) in
            var rows: [Int64] = []
            let candidates = try database.statement(
                """
                SELECT row, 1 FROM recordings INDEXED BY recordings_due
                WHERE status IN (1, 5) AND listed = 0
                UNION ALL
                SELECT row, 0 FROM recordings INDEXED BY recordings_others
                WHERE status >= 2 AND status IN (2, 3) AND listed = 0
                """)
            while try candidates.step() {
                let row = candidates.int64(0)
                let isDue = candidates.int64(1) == 1
                if !isDue || claims.handled.contains(row) { rows.append(row) }
            }
            candidates.reset()
            for row in rows {
                try database.statement(
                    """
                    UPDATE recordings SET status = 4, error_code = ?2, error_message = ?3
                    WHERE row = ?1
                    """
                ).bind(1, row).bind(2, StatusRule.expired)
                    .bind(3, "the provider no longer lists it; it was never archived").run()
                try database.statement("DELETE FROM partials WHERE row = ?").bind(1, row).run()
            }
            if !rows.isEmpty { try Meta.touch(database) }
            return rows
        }
    }
}

/// A page on its way into the catalog, and what has come of it so far.
private struct PageTaking {
    let page: [Recording]
    var walk: Walk
    var fresh = FreshRows()
    var change = PageChange()
    var hasChanged = false
    /// The first place in the order of claims at which something became due.
    var earliest: ClaimState.Position?
    /// Something that was taken for fresh was not.
    var looksAllUp = false

    init(_ page: [Recording], _ walk: Walk) {
        self.page = page
        self.walk = walk
    }

    /// What follows a recording that the catalog doesn't have seldom is there either, as in a first
    /// listing: it need not be looked up, since the insertion of what is there fails.
    var takesAsFresh: Bool { !looksAllUp && !fresh.isEmpty }

    struct Outcome {
        var isFresh = false
        var hasChanged = false
        var isDue = false
        /// It may be due, at another place in the order than before.
        var hasMoved = false
    }

    mutating func note(_ index: Int, _ outcome: Outcome) {
        if outcome.isFresh { change.fresh += 1 }
        if outcome.isDue { change.due += 1 }
        if outcome.isDue || outcome.hasMoved {
            let position = ClaimState.Position(page[index])
            earliest = earliest.map { min($0, position) } ?? position
        }
        guard outcome.hasChanged else { return }
        hasChanged = true
        if case .unknown(let word) = page[index].state { change.unknownStates.append(word) }
    }
}

/// Recordings of a page that the catalog doesn't have yet, on their way into it: several with one
/// statement, since opening the table and its indexes costs as much as half a row.
private struct FreshRows {
    static let most = 16

    /// Inserts one row.
    static let singleInsertion = insertion(of: 1)
    /// Inserts as many as there can be.
    static let insertion = insertion(of: most)

    private static func insertion(of count: Int) -> String {
        """
        INSERT INTO recordings (id, source, state, start_time, end_time, call, media,
            start_key, status, error_code, error_message)
        VALUES \(repeatElement("(?, x'', ?, ?, ?, ?, ?, ?, ?, ?, ?)", count: count).joined(separator: ", "))
        """
    }

    /// Places in the page.
    private var places: [Int] = []

    var isEmpty: Bool { places.isEmpty }
    var isFull: Bool { places.count >= Self.most }

    func contains(_ id: String, in page: [Recording]) -> Bool {
        places.contains { page[$0].id == id }
    }

    mutating func append(_ place: Int) {
        places.append(place)
    }

    /// All of them, in order; none are left.
    mutating func take() -> [Int] {
        defer { places.removeAll(keepingCapacity: true) }
        return places
    }
}
