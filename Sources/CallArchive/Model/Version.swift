/// The program's version; nothing else states it.
package enum CallArchiveVersion {
    package static let current = "0.1.0"
    /// The manifest's `generator`, and what `--version` prints.
    package static let generator = "callarchive \(current)"
}
