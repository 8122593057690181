import Platform
import Transfer

extension MediaDownload {
    /// What all downloads of a run share; one object, since each of them holds it.
    final class Context: Sendable {
        let archive: ArchiveFolder
        let journal: PartJournal
        let digesters = Digesters()
        /// Of media, as they come, those asked for again among them.
        let bytesDone = Counter()
        let access: AccessPolicy
        let credentials: Credentials
        let base: HTTPURL
        /// Reads the provider's pause from a 429's head (ns).
        let rateLimitPause: @Sendable (ResponseHead) -> Int64?
        /// Reads the provider's words from an error's body.
        let errorText: @Sendable ([UInt8]) -> String?
        let random: @Sendable () -> Double
        /// The run is to end: nothing that takes long is begun, or gone on with.
        let isInterrupted: @Sendable () -> Bool

        init(
            archive: ArchiveFolder, journal: PartJournal, access: AccessPolicy,
            credentials: Credentials, base: HTTPURL,
            rateLimitPause: @escaping @Sendable (ResponseHead) -> Int64?,
            errorText: @escaping @Sendable ([UInt8]) -> String?,
            random: @escaping @Sendable () -> Double,
            isInterrupted: @escaping @Sendable () -> Bool
        ) {
            self.archive = archive
            self.journal = journal
            self.access = access
            self.credentials = credentials
            self.base = base
            self.rateLimitPause = rateLimitPause
            self.errorText = errorText
            self.random = random
            self.isInterrupted = isInterrupted
        }
    }
}
