import Platform
import Testing
import Transfer

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private static let now = Timestamp(milliseconds: 784_111_777_000)

    @Test(
        arguments: [
            ("0", .zero), ("120", .seconds(120)), (" 5 ", .seconds(5)), ("007", .seconds(7)),
            ("99999999999999999999999", .seconds(31_536_000)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", .seconds(60)),
            ("Sun Nov  6 08:50:37 1994", .seconds(60)),
            ("Sun, 06 Nov 1994 08:49:36 GMT", .zero),
            ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(31_536_000)),
            ("-1", nil), ("1.5", nil), ("", nil), ("soon", nil), ("1 minute", nil),
        ] as [(String, Duration?)])
    func `seconds and dates are read`(value: String, pause: Duration?) {
        #expect(RetryAfter.pause(value, now: Self.now) == pause)
    }

    @Test func `a date is meant against the server's clock`() {
        let behind = Timestamp(milliseconds: Self.now.milliseconds - 3_600_000)
        let pause = RetryAfter.pause(
            "Sun, 06 Nov 1994 08:50:37 GMT", serverDate: Self.now, now: behind)
        #expect(pause == .seconds(60))
    }
}
