package import Platform

/// The `Retry-After` header: how long to leave a resource alone.
package enum RetryAfter {
    /// Longer ones are taken for this, so that sums can't overflow.
    private static let longest: Int64 = 365 * 86_400

    /// Reads seconds or a date; nil when it is neither, zero when the date has passed.
    ///
    /// - Parameters:
    ///   - serverDate: the answer's `Date`, against which its date is meant; `now` without it.
    package static func pause(
        _ value: String, serverDate: Timestamp? = nil, now: Timestamp
    ) -> Duration? {
        let text = value.utf8.filter { $0 != 0x20 && $0 != 0x09 }
        if !text.isEmpty, text.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) {
            let seconds = Int64(String(decoding: text, as: UTF8.self)) ?? longest
            return .seconds(min(seconds, longest))
        }
        guard let moment = HTTPDate.parse(value, now: now) else { return nil }
        let pause = moment.milliseconds - (serverDate ?? now).milliseconds
        return .milliseconds(min(max(pause, 0), longest * 1000))
    }
}
