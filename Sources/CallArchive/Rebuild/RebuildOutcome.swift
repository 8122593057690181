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
    /// Those of them that are transcriptions by their names.
    package var unknownTexts = 0
    /// Files that lay elsewhere below `recordings/`, and are back in their places.
    package var putBack = 0
    /// Recordings whose file SHA256SUMS alone vouches for.
    package var provenByChecksum = 0
    /// Where the old catalog lies now, below the archive; nil when there was none.
    package var movedAside: String?

    package init() {}

    /// What the sources could not tell, a sentence each; empty for a whole manifest.
    package var notKnown: [String] {
        guard !manifestRead else { return [] }
        var sentences: [String] = []
        if manifestTorn == nil, !checksumsRead {
            sentences.append(
                "nothing tells what the files below recordings/ were archived as; the next sync "
                    + "fetches what the provider still has, and keeps each file whose bytes are "
                    + "the same; files of recordings that it no longer has stay where they are, "
                    + "and in no manifest")
        }
        if provenByChecksum > 0 {
            sentences.append(
                "SHA256SUMS tells path and bytes only: what else is known of "
                    + "\(counted(provenByChecksum, "recording")) comes back when the provider lists "
                    + "it, but for content type and ETag; when it was archived is taken from the "
                    + "file's time")
        }
        if manifestTorn != nil || checksumsRead {
            sentences.append(
                "recordings that were not archived, with their reasons, are known again when the "
                    + "provider lists them")
        }
        if unknownTexts > 0 {
            sentences.append(
                "SHA256SUMS doesn't tell of transcriptions, \(counted(unknownTexts, "file")) here; a "
                    + "sync with --with-transcriptions takes them in again")
        }
        return sentences
    }

    /// As `manifest.json`, for messages.
    package var source: String {
        let names =
            (manifestRead || manifestTorn != nil ? [ManifestWriter.manifestName] : [])
            + (checksumsRead ? [ManifestWriter.checksumsName] : [])
        return names.isEmpty ? "nothing" : names.joined(separator: " and ")
    }
}
