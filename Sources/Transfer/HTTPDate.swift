package import Platform

/// Dates of HTTP headers, in the three formats of RFC 9110 §5.6.7.
package enum HTTPDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
    /// `Sun Nov  6 08:49:37 1994`; the day of the week is not held against the date.
    ///
    /// A year of two digits that would be more than 50 years after `now` is of the past century.
    package static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        guard text.utf8.count <= 64 else { return nil }
        let words = text.utf8.split { byte in
            byte == UInt8(ascii: " ") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "-")
        }.map { Substring($0) }
        guard let first = words.first, first.utf8.count >= 3,
            first.utf8.allSatisfy({ ($0 | 0x20) &- UInt8(ascii: "a") <= 25 })
        else { return nil }
        if words.count == 6 {
            let zone = words[5].uppercased()
            guard zone == "GMT" || zone == "UTC" else { return nil }
            return moment(day: words[1], month: words[2], year: words[3], time: words[4], now: now)
        }
        guard words.count == 5, words[4].utf8.count == 4 else { return nil }
        return moment(day: words[2], month: words[1], year: words[4], time: words[3], now: now)
    }

    private static func moment(
        day: Substring, month: Substring, year: Substring, time: Substring, now: Timestamp
    ) -> Timestamp? {
        let clock = time.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let day = number(day, 1...2), let year = fullYear(year, now: now),
            let month = months.firstIndex(of: month.lowercased()), clock.count == 3,
            let hour = number(Substring(clock[0]), 2...2), hour <= 23,
            let minute = number(Substring(clock[1]), 2...2), minute <= 59,
            // A leap second is the next minute's first.
            let second = number(Substring(clock[2]), 2...2), second <= 60,
            let date = CivilDate(year: year, month: month + 1, day: day)
        else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second)
        return Timestamp(milliseconds: (Int64(date.daysSinceEpoch) * 86_400 + seconds) * 1000)
    }

    private static func fullYear(_ text: Substring, now: Timestamp) -> Int? {
        if text.utf8.count != 2 { return number(text, 4...4) }
        guard let short = number(text, 2...2) else { return nil }
        let days = now.seconds / 86_400
        let current = CivilDate(daysSinceEpoch: Int(days)).year
        let year = current - current % 100 + short
        return year > current + 50 ? year - 100 : year
    }

    private static func number(_ text: Substring, _ digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 })
        else { return nil }
        return Int(text)
    }
}
