/// Members of an entry that an archive has only once a run was asked to keep them.
///
/// They are `null` where nothing is known, and left out of archives that never kept them.
package struct EntryExtras: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// `callDetails`
    package static let calls = EntryExtras(rawValue: 1)
    /// `transcription`
    package static let transcriptions = EntryExtras(rawValue: 2)
    package static let all: EntryExtras = [.calls, .transcriptions]
}
