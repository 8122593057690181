import CallArchive
import Platform
import Testing

@Suite struct RateLimitResetTests {
    /// Fri, 02 Jan 2026 03:04:05.250 GMT.
    private static let now = Timestamp(milliseconds: 1_767_323_045_250)
    private static let date = "Fri, 02 Jan 2026 03:04:05 GMT"

    @Test(
        arguments: [
            ("1767323046250", .seconds(1)), ("1767323055", .milliseconds(9750)),
            (" 1767323046250 ", .seconds(1)), ("1767323055.5", .milliseconds(9750)),
            ("1767323045250", .zero), ("1767323000", .zero), ("0", .zero),
            ("1767329999999", .seconds(300)), ("9223372036854775807", .seconds(300)),
            ("100000000000", .seconds(300)), ("100000000001", .zero),
            ("", nil), ("soon", nil), ("-5", nil), ("1e9", nil), ("99999999999999999999", nil),
            ("1767323055.x", nil),
        ] as [(String, Duration?)])
    func `milliseconds and seconds are told apart and the pause is bounded`(
        reset: String, pause: Duration?
    ) {
        #expect(RateLimitReset.pause(reset: reset, date: Self.date, now: Self.now) == pause)
        #expect(RateLimitReset.pause(reset: reset, date: nil, now: Self.now) == pause)
        #expect(RateLimitReset.pause(reset: reset, date: "no date", now: Self.now) == pause)
    }

    @Test(arguments: [-3_600_000, -1000, 1000, 86_400_000] as [Int64])
    func `the server's clock counts when ours is off`(offset: Int64) {
        let now = Timestamp(milliseconds: Self.now.milliseconds + offset)
        let pause = RateLimitReset.pause(reset: "1767323047000", date: Self.date, now: now)
        #expect(pause == .seconds(2))
    }
}
