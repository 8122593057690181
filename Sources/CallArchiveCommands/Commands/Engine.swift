package import CallArchive

/// What the commands set going, handed in so that they can be tried without a provider.
package struct Engine: Sendable {
    package var sync: @Sendable (SyncSettings, any SyncObserver) -> any SyncRunning
    package var preview: @Sendable (SyncSettings, any SyncObserver) -> any PreviewRunning
    /// Asks the provider once; blocks.
    package var examine: @Sendable (SyncSettings, @escaping FindingSink) -> Void

    package init(
        sync: @escaping @Sendable (SyncSettings, any SyncObserver) -> any SyncRunning,
        preview: @escaping @Sendable (SyncSettings, any SyncObserver) -> any PreviewRunning,
        examine: @escaping @Sendable (SyncSettings, @escaping FindingSink) -> Void = {
            ProviderExamination(settings: $0, tell: $1).run()
        }
    ) {
        self.sync = sync
        self.preview = preview
        self.examine = examine
    }

    package static let real = Engine(
        sync: { Sync(settings: $0, observer: $1) { ExitStatus($0).code } },
        preview: { ListingPreview(settings: $0, observer: $1) })
}

/// A sync as its command sees it.
package protocol SyncRunning: Sendable {
    /// Blocks until the run has ended.
    func run() throws(ArchiveError) -> SyncOutcome
    /// From any thread; `run` returns within two seconds.
    func interrupt(signal: Int32)
    /// From any thread; returns quickly.
    func progress() -> SyncProgress
}

/// A preview as its command sees it.
package protocol PreviewRunning: Sendable {
    /// Blocks until all rows are handed to `each`; says whether the walk was complete.
    func run(_ each: (PreviewRow) -> Void) throws(ArchiveError) -> Bool
    /// From any thread.
    func interrupt(signal: Int32)
}

extension Sync: SyncRunning {}
extension ListingPreview: PreviewRunning {}
