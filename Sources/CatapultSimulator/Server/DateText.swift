/// Dates as the wire wants them, from milliseconds since 1970, without any calendar library.
package enum DateText {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Appends `2013-02-08T13:15:47.587Z`.
    static func appendISO8601(_ milliseconds: Int64, to bytes: inout [UInt8]) {
        let (days, inDay) = split(milliseconds)
        let (year, month, day) = civil(days)
        append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        append(inDay / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(inDay / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(inDay / 1000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append(inDay % 1000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    static func iso8601(_ milliseconds: Int64) -> String {
        var bytes: [UInt8] = []
        appendISO8601(milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    package static func http(_ milliseconds: Int64) -> String {
        let (days, inDay) = split(milliseconds)
        let (year, month, day) = civil(days)
        var bytes: [UInt8] = []
        bytes += Array("\(weekdays[Int((days % 7 + 7) % 7)]), ".utf8)
        append(day, digits: 2, to: &bytes)
        bytes += Array(" \(months[Int(month - 1)]) ".utf8)
        append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        append(inDay / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(inDay / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(inDay / 1000 % 60, digits: 2, to: &bytes)
        bytes += Array(" GMT".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Days since 1970 and milliseconds in the day, for times before 1970 too.
    private static func split(_ milliseconds: Int64) -> (days: Int64, inDay: Int64) {
        let day: Int64 = 86_400_000
        let inDay = (milliseconds % day + day) % day
        return ((milliseconds - inDay) / day, inDay)
    }

    /// The proleptic Gregorian date of a day number: eras of 400 years, years that start in March.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func append(_ value: Int64, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
