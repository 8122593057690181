/// Whether bytes may become a recording's file.
package enum AudioVerdict: Sendable, Equatable {
    /// Warnings are sentences for the log; the file is kept all the same.
    case accepted(AudioProperties, warnings: [String])
    case rejected(Rejection, message: String)

    /// Why not; the raw value is the stable word of the manifest's `error.code`.
    package enum Rejection: String, Sendable, CaseIterable {
        case empty
        case html
        case json
        case xml
        /// Some other kind of file.
        case notAudio = "not-audio"
        /// It declares more than it holds.
        case truncated = "truncated-audio"
        /// It begins as audio, but a part without which it is none is missing.
        case damaged = "damaged-audio"
    }
}
