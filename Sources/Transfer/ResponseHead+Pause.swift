package import Platform

extension ResponseHead {
    /// The pause that `Retry-After` asks for; nil when there is none.
    package func retryAfter(now: Timestamp) -> Duration? {
        guard let value = first("retry-after") else { return nil }
        let date = first("date").flatMap { HTTPDate.parse($0, now: now) }
        return RetryAfter.pause(value, serverDate: date, now: now)
    }
}
