/// A recording as the provider lists it now, and what a sync would do with it.
package struct PreviewRow: Sendable, Equatable {
    package var entry: ArchiveEntry
    package var action: PreviewAction

    package init(entry: ArchiveEntry, action: PreviewAction) {
        self.entry = entry
        self.action = action
    }
}

/// What a sync would do; the raw value is the word that `list` prints.
package enum PreviewAction: String, Sendable, CaseIterable {
    /// From its first byte.
    case download
    /// From where an earlier run stopped.
    case resume
    /// Archived already.
    case skip
    /// Not complete at the provider yet.
    case wait
    /// Failed before, tried again.
    case retry
    /// The provider said that its media is gone.
    case gone
    /// The provider has no media for it.
    case unavailable
    /// Not between `--since` and `--until`.
    case outside
}
