import CallArchive
import Testing

/// One way in which the second of three listing pages (two rows each) comes wrong.
struct ListingFault: CustomTestStringConvertible, Sendable {
    /// A rule without `recordings:1:`.
    var fault: String
    var error: ArchiveError.Kind?
    /// Of six recordings.
    var archived: Int
    /// Requests for listing pages.
    var requests: ClosedRange<Int>

    var testDescription: String { fault }
    var isComplete: Bool { error == nil }
    /// The run's exit status.
    var exit: Int32 { error == nil ? 0 : error == .refused ? 4 : 5 }

    static func passes(_ fault: String, after requests: ClosedRange<Int>) -> ListingFault {
        ListingFault(fault: fault, archived: 6, requests: requests)
    }

    static func ends(
        _ fault: String, archived: Int = 2, after requests: ClosedRange<Int> = 3...3,
        _ error: ArchiveError.Kind = .unreachable
    ) -> ListingFault {
        ListingFault(fault: fault, error: error, archived: archived, requests: requests)
    }

    static let all: [ListingFault] = [
        // What passes.
        .passes("malformed-json:first=1", after: 4...4),
        .passes("truncated-json@0.6:first=1", after: 4...4),
        .passes("html-200:first=1", after: 4...4),
        .passes("empty-200:first=1", after: 4...4),
        .passes("status@500:first=1", after: 4...4),
        .passes("status@503:first=1:retry-after=1", after: 4...4),
        .passes("status@429:first=2", after: 5...5),
        .passes("cut@0.5:first=1", after: 4...4),
        .passes("reset-in-body@0.5:first=1", after: 4...4),
        .passes("stall@0.5:first=1", after: 4...4),
        .passes("close-before-headers:first=1", after: 3...5),
        .passes("slow@0.4", after: 3...3),
        .passes("interim-1xx", after: 3...3),
        .passes("gzip-unasked", after: 3...3),
        .passes("chunked", after: 3...3),
        .passes("redirect@{path}?page=1&size=2&redirected=1", after: 4...4),
        // Rows seen twice: walked again, once.
        .passes("duplicate-ids", after: 3...6),
        // One row more, without a state: it waits.
        .passes("huge@3000000", after: 3...3),

        // What leaves the walk incomplete; page one and what was read of page two is archived,
        // page three too where the broken page names it.
        .ends("malformed-json", archived: 4, after: 4...4),
        .ends("truncated-json@0.6", archived: 5, after: 4...4),
        .ends("html-200"),
        .ends("json-200"),
        .ends("empty-200"),
        .ends("deep-nesting", archived: 4, after: 4...4),
        .ends("huge@17000000"),
        .ends("status@500"),
        .ends("status@503:body=html"),
        .ends("status@404", after: 2...2),
        .ends("status@400", after: 2...2),
        .ends("status@403", after: 2...2, .refused),
        .ends("status@401", after: 2...2, .refused),
        .ends("cut@0.5"),
        .ends("stall@0.5"),
        .ends("stall-before-headers"),
        .ends("garbage-headers"),
        .ends("oversized-headers"),
        .ends("next-loop", archived: 4, after: 2...2),
        .ends("redirect@http://127.0.0.1:1{path}", after: 2...2),
        .ends("redirect@file:///etc/passwd", after: 2...2),
        .ends("invalid-utf8", archived: 4, after: 4...4),
    ]
}
