/// The program's version; nothing else states it.
package enum CallArchiveVersion {
    package static let current = "0.1.0"
    /// The day it was finished; the manual page has it.
    package static let day = "2026-11-25"
    /// The manifest's `generator`, and what `--version` prints.
    package static let generator = "callarchive \(current)"
}
