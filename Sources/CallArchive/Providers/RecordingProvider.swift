package import Transfer

/// One page of a listing.
package struct ListingPage: Sendable, Equatable {
    package var recordings: [Recording]
    /// Rows that could not be read, each with its reason; never silently dropped.
    package var unreadable: [String]

    package init(recordings: [Recording], unreadable: [String] = []) {
        self.recordings = recordings
        self.unreadable = unreadable
    }
}

extension ListingPage {
    /// Rows the provider sent, readable or not.
    package var rowCount: Int { recordings.count + unreadable.count }
}

/// Where a listing is to be read on; of the provider's making, opaque to others.
package struct PageCursor: Sendable, Equatable {
    package var url: HTTPURL
    /// The provider's own count of pages, where it pages by number.
    package var number: Int
    /// The provider has said where the next page is, so its silence means the end.
    package var isLinked: Bool
    /// Asked for to be sure only: the page before looked like the last one.
    package var isDoubtful: Bool

    package init(
        url: HTTPURL, number: Int = 0, isLinked: Bool = false, isDoubtful: Bool = false
    ) {
        self.url = url
        self.number = number
        self.isLinked = isLinked
        self.isDoubtful = isDoubtful
    }
}

/// What follows a page.
package enum PageContinuation: Sendable, Equatable {
    case end
    case next(PageCursor)
    /// There may be more: worth asking only if this page brought an id not seen before.
    case nextIfFresh(PageCursor)
    /// There is more that must not or can't be asked for: the walk stays incomplete.
    case broken(String)
}

/// Why an answer is no page.
package struct UnusablePage: Error, Sendable {
    package var reason: String
    /// Rows before the place where it broke; good as far as they go.
    package var rows: ListingPage
    /// Where the listing goes on all the same, when the answer's head says so.
    package var next: PageCursor?
}

/// A provider of recordings: how its listing is asked for and read. The narrow seam for a
/// second one.
///
/// Stateless; every method may be called from any thread.
package protocol RecordingProvider: Sendable {
    /// As the manifest names it.
    var name: String { get }
    /// What relative media URLs are resolved against; its origin is the credentials' own.
    var base: HTTPURL { get }
    /// Where the listing begins.
    func firstPage() -> PageCursor
    /// Reads a successful answer to the page's request.
    func read(
        _ response: Response, at cursor: PageCursor
    ) throws(UnusablePage) -> (page: ListingPage, then: PageContinuation)
    /// The pause that a 429 asks for (ns); nil when it names none.
    func rateLimitPause(_ head: ResponseHead) -> Int64?
    /// The provider's own words in the body of an error; nil when there are none.
    func errorText(_ body: [UInt8]) -> String?
    /// Who called whom, when the provider can tell.
    var calls: (any CallProvider)? { get }
    /// What was said, when the provider can tell.
    var transcriptions: (any TranscriptionProvider)? { get }
}
