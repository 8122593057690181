import Platform
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2013-02-08T13:15:47.587Z", 1_360_329_347_587),
            ("2013-02-08T13:15:47Z", 1_360_329_347_000),
            ("2013-02-08t13:15:47z", 1_360_329_347_000),
            ("2013-02-08T13:15:47.5Z", 1_360_329_347_500),
            ("2013-02-08T13:15:47.58Z", 1_360_329_347_580),
            ("2013-02-08T13:15:47.587999999Z", 1_360_329_347_587),
            ("2013-02-08T15:15:47+02:00", 1_360_329_347_000),
            ("2013-02-08T15:15:47.001+0200", 1_360_329_347_001),
            ("2013-02-08T07:45:47-05:30", 1_360_329_347_000),
            ("2013-02-08T13:15:47", 1_360_329_347_000),
            ("2012-02-29T00:00:00Z", 1_330_473_600_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("1969-12-31T23:59:59.999Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func `a valid time is read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
        #expect(Timestamp(iso8601: Array(text.utf8).span)?.milliseconds == milliseconds)
        #expect(Timestamp(dateOrISO8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2013", "2013-02-08", "2013-02-08T", "2013-02-08T13:15", "2013-02-08 13:15:47Z",
        "2013-02-08T13:15:65Z", "2013-02-08T13:15:60Z", "2013-02-08T13:60:00Z",
        "2013-02-08T25:00:00Z", "2013-02-08T24:00:00Z", "2013-02-30T00:00:00Z",
        "2013-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2013-13-01T00:00:00Z",
        "2013-00-01T00:00:00Z", "2013-01-00T00:00:00Z", "2013-04-31T00:00:00Z",
        "0000-01-01T00:00:00Z", "2013-02-08T13:15:47.Z", "2013-02-08T13:15:47.1234567890Z",
        "2013-02-08T13:15:47+2", "2013-02-08T13:15:47+24:00", "2013-02-08T13:15:47+02:60",
        "2013-02-08T13:15:47Zx", " 2013-02-08T13:15:47Z", "２013-02-08T13:15:47Z",
        "2013-02-08T13:15:4:Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func `an impossible or malformed time is nil`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `a date alone is midnight UTC, for options only`() {
        #expect(Timestamp(dateOrISO8601: "2013-02-08")?.iso8601 == "2013-02-08T00:00:00Z")
        #expect(Timestamp(iso8601: "2013-02-08") == nil)
        #expect(Timestamp(dateOrISO8601: "2013-02-31") == nil)
        #expect(Timestamp(dateOrISO8601: "2013-2-8") == nil)
        #expect(Timestamp(dateOrISO8601: "yesterday") == nil)
    }

    @Test(
        arguments: [
            (
                1_360_329_347_587, "2013-02-08T13:15:47Z", "2013-02-08T13:15:47.587Z",
                "20130208T131547Z", "2013/02/08"
            ),
            (
                -1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z", "19691231T235959Z",
                "1969/12/31"
            ),
            (
                0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "19700101T000000Z",
                "1970/01/01"
            ),
            (
                -62_135_596_800_000, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z",
                "00010101T000000Z", "0001/01/01"
            ),
        ] as [(Int64, String, String, String, String)])
    func `a moment is written in each form`(
        milliseconds: Int64, seconds: String, full: String, compact: String, day: String
    ) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.iso8601 == seconds)
        #expect(moment.iso8601Milliseconds == full)
        #expect(moment.compactUTC == compact)
        #expect(moment.dayPath == day)
    }

    @Test func `every day of eight centuries survives a round trip`() {
        var expected = -300_000
        while expected < 300_000 {
            let date = CivilDate(daysSinceEpoch: expected)
            #expect(date.daysSinceEpoch == expected)
            #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
            expected += 17
        }
    }

    @Test func `now is a time of this century`() throws {
        let lower = try #require(Timestamp(dateOrISO8601: "2025-01-01"))
        let upper = try #require(Timestamp(dateOrISO8601: "2100-01-01"))
        #expect((lower...upper).contains(Timestamp.now()))
    }
}
