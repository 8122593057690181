/// One page of a listing.
package struct ListingPage: Sendable, Equatable {
    package var recordings: [Recording]
    /// Rows that could not be read, each with its reason; never silently dropped.
    package var unreadable: [String]

    package init(recordings: [Recording], unreadable: [String] = []) {
        self.recordings = recordings
        self.unreadable = unreadable
    }

    /// Rows the provider sent, readable or not.
    package var rowCount: Int { recordings.count + unreadable.count }
}
