import Platform
import Testing
import Transfer

@Suite struct HTTPDateTests {
    private static let now = Timestamp(milliseconds: 1_767_323_045_000)

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"),
        ("Sun Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"),
        ("sun, 06 nov 1994 08:49:37 gmt", "1994-11-06T08:49:37Z"),
        ("Fri, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"),
        ("Mon, 29 Feb 2016 00:00:00 UTC", "2016-02-29T00:00:00Z"),
        ("Monday, 01-Jan-76 00:00:00 GMT", "2076-01-01T00:00:00Z"),
        ("Monday, 01-Jan-77 00:00:00 GMT", "1977-01-01T00:00:00Z"),
        ("Thursday, 01-Jan-26 00:00:00 GMT", "2026-01-01T00:00:00Z"),
    ])
    func `a date is read in each format`(text: String, moment: String) {
        #expect(HTTPDate.parse(text, now: Self.now)?.iso8601 == moment)
    }

    @Test(arguments: [
        "", "0", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nox 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 006 Nov 1994 08:49:37 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT x", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 19940 08:49:37 GMT", "Sun Nov  6 08:49:37 94",
    ])
    func `what is no date is nil`(text: String) {
        #expect(HTTPDate.parse(text, now: Self.now) == nil)
    }
}
