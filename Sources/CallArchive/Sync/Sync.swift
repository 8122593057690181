/// Placeholder: the real one is being written.
package final class Sync: Sendable {
    package init(settings: SyncSettings, observer: any SyncObserver) {}

    package func run() throws(ArchiveError) -> SyncOutcome {
        throw ArchiveError(.bug, "cannot sync", why: "it is not built yet")
    }

    package func interrupt(signal: Int32) {}

    package func progress() -> SyncProgress { SyncProgress() }
}
