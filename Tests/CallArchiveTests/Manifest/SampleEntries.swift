import CallArchive
import Platform

/// Entries as an archive has them.
enum SampleEntries {
    static let archived = {
        var entry = ArchiveEntry(id: "r-1", status: .archived)
        entry.state = "complete"
        entry.startTime = "2013-02-08T13:15:47.587Z"
        entry.endTime = "2013-02-08T13:17:12.181Z"
        entry.call = "https://h/calls/c"
        entry.media = "https://h/media/c-1.wav"
        entry.file = "recordings/2013/02/08/20130208T131547Z_r-1.wav"
        entry.bytes = 1_496_384
        entry.sha256 = String(repeating: "0123456789abcdef", count: 4)
        entry.contentType = "audio/wav"
        entry.etag = "\"e,1\""
        entry.audio = AudioProperties(
            container: "wav", encoding: "pcm_s16le", channels: 1, sampleRate: 8000,
            durationSeconds: 93.52)
        entry.archivedAt = Timestamp(iso8601: "2026-01-02T03:04:03.999Z")
        entry.sequence = 17
        return entry
    }()

    static let bare = ArchiveEntry(id: "r\n\"2\"", status: .waiting, listed: false)

    static let failed = {
        var entry = ArchiveEntry(id: "é", status: .failed)
        entry.state = "complete"
        entry.audio = AudioProperties(container: "mp3")
        entry.error = FailureRecord(
            code: "not-audio", message: "it is text: a, \"b\"\r\n", attempts: 3,
            lastAttemptAt: Timestamp(iso8601: "2026-01-02T03:04:05Z"))
        return entry
    }()

    static let detailed = {
        var entry = archived
        entry.extras = .all
        entry.callDetails = CallDetails(
            from: "+19195551234", direction: "in", startTime: "2013-02-08T13:15:43Z")
        entry.transcription = Transcription(
            state: "completed", file: "recordings/2013/02/08/20130208T131547Z_r-1.txt", bytes: 12,
            sha256: entry.sha256)
        return entry
    }()

    static let all = [archived, bare, failed]

    static let header = {
        var summary = ArchiveSummary()
        summary.listed = 3
        summary.archived = 1
        summary.waiting = 1
        summary.failed = 1
        summary.bytes = 1_496_384
        return ManifestHeader(
            generator: "callarchive 0.1.0", generatedAt: Timestamp(milliseconds: 1_767_323_045_000),
            account: "u-123",
            listing: .init(
                complete: true, completedAt: Timestamp(milliseconds: 1_767_323_041_000), pages: 4),
            summary: summary)
    }()

    static func document(_ entries: [ArchiveEntry] = all) -> [UInt8] {
        var bytes = ManifestDocument.header(header)
        for (place, entry) in entries.enumerated() {
            bytes += ManifestDocument.entry(entry, isFirst: place == 0)
        }
        return bytes + ManifestDocument.footer()
    }
}
