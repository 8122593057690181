import Platform
import Transfer

extension MediaDownload {
    /// What all downloads of a run share.
    struct Context: Sendable {
        var archive: ArchiveFolder
        var journal: PartJournal
        /// Of media, as they come, those asked for again among them.
        var bytesDone = Counter()
        var access: AccessPolicy
        var credentials: Credentials
        var base: HTTPURL
        /// Reads the provider's pause from a 429's head (ns).
        var rateLimitPause: @Sendable (ResponseHead) -> Int64?
        /// Reads the provider's words from an error's body.
        var errorText: @Sendable ([UInt8]) -> String?
        var random: @Sendable () -> Double
        /// The run is to end: nothing that takes long is begun, or gone on with.
        var isInterrupted: @Sendable () -> Bool
    }
}
