package import Platform
import Transfer

/// The provider's `X-RateLimit-Reset` header: when a family of requests may be made again.
package enum RateLimitReset {
    /// Nothing is believed beyond it.
    package static let longest = Duration.seconds(300)

    /// From here on a number is milliseconds since the epoch, below it seconds.
    private static let firstMilliseconds: Int64 = 100_000_000_000

    /// How long to pause, from zero to five minutes; nil when the header is malformed.
    ///
    /// The reset is the server's time, so its clock counts: `now` is used only while it agrees
    /// with the answer's `Date`, which has whole seconds.
    /// - Parameters:
    ///   - reset: the header's value.
    ///   - date: the answer's `Date` header.
    package static func pause(reset: String, date: String?, now: Timestamp) -> Duration? {
        let text = reset.utf8.filter { $0 != 0x20 && $0 != 0x09 }
        let whole = text.prefix { $0 != UInt8(ascii: ".") }
        let fraction = text.dropFirst(whole.count + 1)
        guard !whole.isEmpty, (whole + fraction).allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }),
            let number = Int64(String(decoding: whole, as: UTF8.self))
        else { return nil }
        let (scaled, overflow) = number.multipliedReportingOverflow(by: 1000)
        let moment = number > firstMilliseconds ? number : overflow ? .max : scaled
        let (pause, underflow) = moment.subtractingReportingOverflow(
            serverNow(date: date, now: now).milliseconds)
        guard !underflow else { return longest }
        return min(.milliseconds(max(pause, 0)), longest)
    }

    private static func serverNow(date: String?, now: Timestamp) -> Timestamp {
        guard let date = date.flatMap({ HTTPDate.parse($0, now: now) }) else { return now }
        return (0..<1000).contains(now.milliseconds - date.milliseconds) ? now : date
    }
}
