/// What a listed row makes of a recording's status; a pure function.
///
/// | provider says | was | becomes |
/// |---|---|---|
/// | anything | archived | archived |
/// | complete with media | failed | failed, tried again at every sync |
/// | complete with media | gone (answered 404 or 410), same media | gone |
/// | complete with media | anything else | pending |
/// | complete without media, error | anything else | unavailable |
/// | recording, saving, unknown | anything else | waiting |
package enum StatusRule {
    /// The code of a recording that vanished from the listing before it was archived.
    package static let expired = "expired"

    package struct Known: Sendable {
        package var status: ArchiveStatus
        package var errorCode: String?
        package var media: String?

        package init(status: ArchiveStatus, errorCode: String? = nil, media: String? = nil) {
            self.status = status
            self.errorCode = errorCode
            self.media = media
        }
    }

    package static func status(of recording: Recording, known: Known?) -> ArchiveStatus {
        if known?.status == .archived { return .archived }
        switch recording.state {
        case .recording, .saving, .unknown: return .waiting
        case .error: return .unavailable
        case .complete: break
        }
        guard recording.media != nil else { return .unavailable }
        switch known?.status {
        case .failed: return .failed
        case .gone where known?.errorCode != expired && known?.media == recording.media:
            return .gone
        default: return .pending
        }
    }

    /// The reason an unavailable recording's entry gives.
    package static func unavailability(of recording: Recording) -> (code: String, message: String) {
        recording.state == .error
            ? ("provider-error", "the provider could not keep this recording")
            : ("no-media", "the provider lists it as complete but names no media")
    }
}
