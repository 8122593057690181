/// What the archive has of a recording; the raw value is the manifest's word.
package enum ArchiveStatus: String, Sendable, CaseIterable {
    /// Whole, verified and durable under its final name.
    case archived
    /// Complete at the provider, not downloaded yet.
    case pending
    /// Not complete at the provider yet, or in a state this program doesn't know.
    case waiting
    /// The provider could not keep it, or lists it as complete without media.
    case unavailable
    /// The provider no longer has the media.
    case gone
    /// Tried and failed; tried again at every sync.
    case failed
}
