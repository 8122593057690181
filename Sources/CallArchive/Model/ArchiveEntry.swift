package import Platform

/// One recording as the manifest tells it; the members stand in the manifest's order.
package struct ArchiveEntry: Sendable, Equatable {
    package var id: String
    /// The provider's word; nil when it gave none.
    package var state: String?
    package var status: ArchiveStatus
    /// The provider's own text.
    package var startTime: String?
    package var endTime: String?
    package var call: String?
    package var media: String?
    /// Path below the archive; nil unless archived, as are bytes, sha256, sequence, archivedAt.
    package var file: String?
    package var bytes: Int64?
    /// 64 lower-case hex digits.
    package var sha256: String?
    package var contentType: String?
    package var etag: String?
    package var lastModified: String?
    package var audio: AudioProperties?
    package var archivedAt: Timestamp?
    /// Grows by commit, from 1.
    package var sequence: Int64?
    /// Whether the last complete walk still showed it.
    package var listed: Bool
    package var error: FailureRecord?
    /// nil when unknown.
    package var callDetails: CallDetails?
    /// nil when there is none.
    package var transcription: Transcription?
    /// Which of the last two the archive keeps; the others are left out.
    package var extras: EntryExtras = []

    package init(id: String, status: ArchiveStatus, listed: Bool = true) {
        self.id = id
        self.status = status
        self.listed = listed
    }
}

/// Why a recording is not archived.
package struct FailureRecord: Sendable, Equatable {
    /// A short stable word, as `http-404` or `not-audio`.
    package var code: String
    package var message: String
    package var attempts: Int
    package var lastAttemptAt: Timestamp?

    package init(code: String, message: String, attempts: Int, lastAttemptAt: Timestamp? = nil) {
        self.code = code
        self.message = message
        self.attempts = attempts
        self.lastAttemptAt = lastAttemptAt
    }
}
