package import Platform

/// What the manifest tells of a recording, asked field by field: of an `ArchiveEntry`, or of a row
/// of the catalog that no value is made of.
package protocol EntryFields {
    /// Calls `body` with the text's UTF-8 bytes; false when there is none.
    func withText(_ field: EntryText, _ body: (Span<UInt8>) -> Void) -> Bool
    var status: ArchiveStatus { get }
    var bytes: Int64? { get }
    var audio: AudioProperties? { get }
    var archivedAt: Timestamp? { get }
    var sequence: Int64? { get }
    var listed: Bool { get }
    var error: FailureRecord? { get }
    var callDetails: CallDetails? { get }
    var transcription: Transcription? { get }
    var extras: EntryExtras { get }
}

/// The texts of an entry that may be long; absent ones are `null` in the manifest.
package enum EntryText: Int32 {
    case id, state, startTime, endTime, call, media, file, sha256, contentType, etag, lastModified
}

extension ArchiveEntry: EntryFields {
    package func withText(_ field: EntryText, _ body: (Span<UInt8>) -> Void) -> Bool {
        let value =
            switch field {
            case .id: id as String?
            case .state: state
            case .startTime: startTime
            case .endTime: endTime
            case .call: call
            case .media: media
            case .file: file
            case .sha256: sha256
            case .contentType: contentType
            case .etag: etag
            case .lastModified: lastModified
            }
        guard var value else { return false }
        // The buffer outlives the call.
        value.withUTF8 { unsafe body(Span(_unsafeElements: $0)) }
        return true
    }
}
