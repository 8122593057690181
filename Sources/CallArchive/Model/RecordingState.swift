/// How far the provider has come with a recording.
package enum RecordingState: Sendable, Equatable {
    /// The call is being recorded.
    case recording
    /// Recorded, not yet available.
    case saving
    /// Available for download.
    case complete
    /// Could not be kept by the provider.
    case error
    /// A word this program doesn't know (or none, as ""): not ready.
    case unknown(String)

    /// Reads the provider's word; old documents write `completed`.
    package init(word: String?) {
        switch word {
        case "recording": self = .recording
        case "saving": self = .saving
        case "complete", "completed": self = .complete
        case "error": self = .error
        default: self = .unknown(word ?? "")
        }
    }

    /// The word for the manifest; nil when the provider gave none.
    package var word: String? {
        switch self {
        case .recording: "recording"
        case .saving: "saving"
        case .complete: "complete"
        case .error: "error"
        case .unknown(let word): word.isEmpty ? nil : word
        }
    }
}
