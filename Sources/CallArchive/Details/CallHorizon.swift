package import Platform

/// When a walk through the calls may end before the last page; a pure value.
///
/// An account's calls reach back for years, its recordings for 30 days. Where the pages show the
/// newest calls first, what is wanted can't come any more behind a page that is older than the
/// oldest wanted recording, less a day for calls that were long under way. Where they don't, or
/// a call tells no time, the walk goes on.
package struct CallHorizon: Sendable, Equatable {
    /// A recording starts within its call; none of them lasts longer.
    package static let slack: Int64 = 86_400_000

    private let oldest: Timestamp?
    private var newestOfLastPage: Timestamp?
    private var isDescending = true
    private var pages = 0

    /// `oldestWanted` is nil when a wanted recording has no start time.
    package init(oldestWanted: Timestamp?) {
        oldest = oldestWanted.map { Timestamp(milliseconds: $0.milliseconds - Self.slack) }
    }

    /// Takes the next page's starts; true when no later page can hold what is wanted.
    package mutating func isBeyond(_ starts: [Timestamp?]) -> Bool {
        let known = starts.compactMap { $0 }
        pages += 1
        guard let newest = known.max() else { return false }
        if let last = newestOfLastPage, newest > last { isDescending = false }
        newestOfLastPage = newest
        guard let oldest, isDescending, pages > 1, known.count == starts.count else { return false }
        return newest < oldest
    }
}
