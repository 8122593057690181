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
    /// States this program doesn't know, as given; in the order in which they were entered.
    package var unknownStates: [String] = []

    package init() {}
}

extension Catalog {
    /// Takes in one page of the listing, in one transaction.
    package func record(
        _ recordings: [Recording], in walk: inout Walk
    ) throws(CatalogError) -> PageChange {
        var upsert = PageUpsert(recordings, walk)
        try transaction { (database: Database) throws(CatalogError) in
            try bind(database)
            // By their places: a copy counts each of its texts up and down.
            for index in recordings.indices {
                if upsert.fresh.contains(recordings[index].id, in: recordings) {
                    try insertFresh(&upsert, database)
                }
                if upsert.assumesNew {
                    upsert.fresh.append(index)
                } else if try !takeKnown(index, &upsert, database) {
                    upsert.fresh.append(index)
                }
                if upsert.fresh.isFull { try insertFresh(&upsert, database) }
            }
            try insertFresh(&upsert, database)
            if upsert.hasChanged { try Meta.touch(database) }
        }
        walk = upsert.walk
        if let earliest = upsert.earliest { try access { _ in claims.rewind(to: earliest) } }
        return upsert.change
    }

    /// Looks a recording up and brings its row up to date; false when there is none.
    private func takeKnown(
        _ index: Int, _ upsert: inout PageUpsert, _ database: Database
    ) throws(CatalogError) -> Bool {
        let find = try database.statement(
            """
            SELECT row, status, listed, error_code, state, start_time, end_time, call, media
            FROM recordings WHERE id = ?
            """)
        defer { find.reset() }
        try find.bind(1, upsert.page[index].id)
        guard try find.step() else { return false }
        let recording = upsert.page[index]
        let row = find.int64(0)
        let isFresh = upsert.walk.see(row)
        let isUnchanged =
            find.int64(2) == 1 && find.text(4, equals: recording.state.word)
            && find.text(5, equals: recording.startTime) && find.text(6, equals: recording.endTime)
            && find.text(7, equals: recording.call) && find.text(8, equals: recording.media)
        // Listed twice in one walk: complete wins over what it was before.
        let isLesser =
            !isFresh && find.text(4) == RecordingState.complete.word
            && recording.state != .complete
        if isUnchanged || isLesser {
            upsert.note(index, .init(isFresh: isFresh))
            return true
        }
        let was = ArchiveStatus(code: find.int64(1)) ?? .pending
        let known = StatusRule.Known(
            status: was, errorCode: find.text(3), media: find.text(8))
        let status = StatusRule.status(of: recording, known: known)
        find.reset()
        try update(row, recording, from: was, to: status, database)
        upsert.note(
            index,
            .init(
                isFresh: isFresh, hasChanged: true, isDue: status == .pending && was != .pending,
                hasMoved: status == .pending || status == .failed))
        return true
    }

    /// Inserts what was taken for fresh.
    private func insertFresh(
        _ upsert: inout PageUpsert, _ database: Database
    ) throws(CatalogError) {
        let places = upsert.fresh.take()
        if places.count == FreshRows.most,
            try insert(places[...], FreshRows.insertion, &upsert, database)
        {
            return
        }
        for place in places.indices {
            let single = places[place...place]
            if try insert(single, FreshRows.singleInsertion, &upsert, database) { continue }
            // The catalog has it after all, and may have more of this page.
            upsert.looksUpEach = true
            guard try takeKnown(places[place], &upsert, database) else {
                throw CatalogError(
                    .damaged, "an id is in the index of ids and can't be found by it")
            }
        }
    }

    /// False when the catalog has one of them already; then none is inserted.
    private func insert(
        _ places: ArraySlice<Int>, _ sql: String, _ upsert: inout PageUpsert,
        _ database: Database
    ) throws(CatalogError) -> Bool {
        let statement = try database.statement(built: sql)
        // Where they lie: a copy counts each of its texts up and down.
        let page = upsert.page
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
            _ = upsert.walk.see(row)
            let isDue = StatusRule.status(of: recordings[index], known: nil) == .pending
            upsert.note(index, .init(isFresh: true, hasChanged: true, isDue: isDue))
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
