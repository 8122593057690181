/// What a rebuild found, and what it could not know.
package struct RebuildOutcome: Sendable, Equatable {
    /// The manifest was read to its end.
    package var manifestRead = false
    /// Why the manifest, though there is one, could not be read to its end.
    package var manifestTorn: String?
    /// SHA256SUMS was used.
    package var checksumsRead = false
    /// Recordings that the new catalog knows.
    package var entries = 0
    /// Those of them whose file has the bytes that it is to have, and its bytes.
    package var restored = 0
    package var bytes: Int64 = 0
    /// Archived ones whose file is missing; fetched again.
    package var missing = 0
    /// Archived ones whose file differs; it was moved to `.callarchive/damaged`.
    package var damaged = 0
    /// Entries or lines that name no recording, name it twice, or claim another one's file.
    package var unusable = 0
    /// Archived ones that got a new sequence number, because theirs is not known.
    package var renumbered = 0
    /// Files below `recordings/` that nothing tells of; left where they are.
    package var unknownFiles = 0
    /// Where the old catalog lies now, below the archive; nil when there was none.
    package var movedAside: String?

    package init() {}

    /// As `manifest.json`, for messages.
    package var source: String {
        let names =
            (manifestRead || manifestTorn != nil ? [ManifestWriter.manifestName] : [])
            + (checksumsRead ? [ManifestWriter.checksumsName] : [])
        return names.isEmpty ? "nothing" : names.joined(separator: " and ")
    }
}
