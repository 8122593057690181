/// What the archive has of a recording's transcription.
package struct Transcription: Sendable, Equatable {
    /// The provider's word: `transcribing`, `completed`, `error`.
    package var state: String
    /// Path below the archive; nil while there is no text, as are bytes and sha256.
    package var file: String?
    package var bytes: Int64?
    /// 64 lower-case hex digits.
    package var sha256: String?

    package init(
        state: String, file: String? = nil, bytes: Int64? = nil, sha256: String? = nil
    ) {
        self.state = state
        self.file = file
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// A transcription as the provider lists it.
package struct ListedTranscription: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case transcribing
        case completed
        case error
        /// A word this program doesn't know (or none, as ""): not ready.
        case unknown(String)

        package init(word: String?) {
            switch word {
            case "transcribing": self = .transcribing
            case "completed", "complete": self = .completed
            case "error": self = .error
            default: self = .unknown(word ?? "")
            }
        }

        /// As the manifest has it.
        package var word: String {
            switch self {
            case .transcribing: "transcribing"
            case .completed: "completed"
            case .error: "error"
            case .unknown(let word): word.isEmpty ? "unknown" : word
            }
        }
    }

    package var state: State
    /// The provider's own text of its making.
    package var time: String?
    /// The beginning of the text; all of it when it is short.
    package var text: String?
    /// Where the whole text is.
    package var textURL: String?
    /// Of the whole text, in the provider's own count.
    package var textSize: Int64?

    package init(
        state: State, time: String? = nil, text: String? = nil, textURL: String? = nil,
        textSize: Int64? = nil
    ) {
        self.state = state
        self.time = time
        self.text = text
        self.textURL = textURL
        self.textSize = textSize
    }
}
