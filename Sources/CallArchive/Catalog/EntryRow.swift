import Platform

/// A row of the catalog as the manifest tells of it, read where it lies: good until its statement
/// goes on.
struct EntryRow: EntryFields {
    static let columns = """
        id, state, start_time, end_time, call, media, file, sha256, content_type, etag,
        last_modified, status, bytes, container, encoding, channels, sample_rate, duration,
        archived_at, sequence, listed, error_code, error_message, attempts, last_attempt_at, row
        """

    private let statement: Statement
    let extras: EntryExtras
    let callDetails: CallDetails?
    let transcription: Transcription?

    /// Of a statement that asks for `columns` and stands on a row.
    init(
        _ statement: Statement, _ extras: EntryExtras, _ database: Database
    ) throws(CatalogError) {
        self.statement = statement
        self.extras = extras
        let row = statement.int64(25)
        callDetails = extras.contains(.calls) ? try Catalog.callDetails(row: row, database) : nil
        transcription =
            extras.contains(.transcriptions) ? try Catalog.transcription(row: row, database) : nil
    }

    func withText(_ field: EntryText, _ body: (Span<UInt8>) -> Void) -> Bool {
        guard field == .sha256 else { return statement.withText(field.rawValue, body) }
        if statement.isNull(field.rawValue) { return false }
        statement.withBlob(field.rawValue) { Hex.withDigits($0, body) }
        return true
    }

    func text(_ field: EntryText) -> String? {
        field == .sha256
            ? statement.blob(field.rawValue).map(Hex.text) : statement.text(field.rawValue)
    }

    var number: Int64 { statement.int64(25) }
    var status: ArchiveStatus { ArchiveStatus(code: statement.int64(11)) ?? .pending }
    var bytes: Int64? { statement.optionalInt64(12) }

    var audio: AudioProperties? {
        guard let container = statement.text(13) else { return nil }
        return AudioProperties(
            container: container, encoding: statement.text(14),
            channels: statement.optionalInt(15), sampleRate: statement.optionalInt(16),
            durationSeconds: statement.optionalDouble(17))
    }

    var archivedAt: Timestamp? {
        statement.optionalInt64(18).map(Timestamp.init(milliseconds:))
    }

    var sequence: Int64? { statement.optionalInt64(19) }
    var listed: Bool { statement.int64(20) == 1 }

    var error: FailureRecord? {
        guard let code = statement.text(21) else { return nil }
        return FailureRecord(
            code: code, message: statement.text(22) ?? "", attempts: Int(statement.int64(23)),
            lastAttemptAt: statement.optionalInt64(24).map(Timestamp.init(milliseconds:)))
    }
}

extension ArchiveEntry {
    init(_ row: EntryRow) {
        self.init(id: row.text(.id) ?? "", status: row.status, listed: row.listed)
        state = row.text(.state)
        startTime = row.text(.startTime)
        endTime = row.text(.endTime)
        call = row.text(.call)
        media = row.text(.media)
        file = row.text(.file)
        bytes = row.bytes
        sha256 = row.text(.sha256)
        contentType = row.text(.contentType)
        etag = row.text(.etag)
        lastModified = row.text(.lastModified)
        audio = row.audio
        archivedAt = row.archivedAt
        sequence = row.sequence
        error = row.error
        extras = row.extras
        callDetails = row.callDetails
        transcription = row.transcription
    }
}
