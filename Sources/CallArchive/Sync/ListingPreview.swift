/// Placeholder: the real one is being written.
package final class ListingPreview: Sendable {
    package init(settings: SyncSettings, observer: any SyncObserver) {}

    package func run(_ each: (PreviewRow) -> Void) throws(ArchiveError) -> Bool {
        throw ArchiveError(.bug, "cannot list", why: "it is not built yet")
    }

    package func interrupt(signal: Int32) {}
}
