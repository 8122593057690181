/// The texts of a moment; the year is held to 1 to 9999.
extension Timestamp {
    /// `2026-01-02T03:04:05Z`: whole seconds, the fraction cut.
    package var iso8601: String { Self.text { appendISO8601(to: &$0) } }

    /// `2026-01-02T03:04:05.678Z`.
    package var iso8601Milliseconds: String {
        Self.text { bytes in
            appendISO8601(to: &bytes)
            bytes[bytes.count - 1] = UInt8(ascii: ".")
            let milliseconds = Int(milliseconds - seconds * 1000)
            bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / 100))
            Self.append(milliseconds % 100, to: &bytes)
            bytes.append(UInt8(ascii: "Z"))
        }
    }

    /// `20130208T131547Z`, as file names have it.
    package var compactUTC: String { Self.text { appendCompactUTC(to: &$0) } }

    /// `2013/02/08`, as the archive's folders have it.
    package var dayPath: String { Self.text { appendDayPath(to: &$0) } }

    /// The bytes of `iso8601`.
    package func appendISO8601(to bytes: inout [UInt8]) {
        append(dateSeparator: UInt8(ascii: "-"), timeSeparator: UInt8(ascii: ":"), to: &bytes)
    }

    /// The bytes of `compactUTC`.
    package func appendCompactUTC(to bytes: inout [UInt8]) {
        append(dateSeparator: nil, timeSeparator: nil, to: &bytes)
    }

    /// The bytes of `dayPath`.
    package func appendDayPath(to bytes: inout [UInt8]) {
        append(civilDate, separator: UInt8(ascii: "/"), to: &bytes)
    }

    private var civilDate: CivilDate {
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        var date = CivilDate(daysSinceEpoch: Int(days))
        date.year = min(max(date.year, 1), 9999)
        return date
    }

    private func append(
        dateSeparator: UInt8?, timeSeparator: UInt8?, to bytes: inout [UInt8]
    ) {
        append(civilDate, separator: dateSeparator, to: &bytes)
        let secondOfDay = Int(((seconds % 86_400) + 86_400) % 86_400)
        bytes.append(UInt8(ascii: "T"))
        Self.append(secondOfDay / 3600, to: &bytes)
        if let timeSeparator { bytes.append(timeSeparator) }
        Self.append(secondOfDay / 60 % 60, to: &bytes)
        if let timeSeparator { bytes.append(timeSeparator) }
        Self.append(secondOfDay % 60, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    private func append(_ date: CivilDate, separator: UInt8?, to bytes: inout [UInt8]) {
        Self.append(date.year / 100, to: &bytes)
        Self.append(date.year % 100, to: &bytes)
        if let separator { bytes.append(separator) }
        Self.append(date.month, to: &bytes)
        if let separator { bytes.append(separator) }
        Self.append(date.day, to: &bytes)
    }

    /// Two digits.
    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    private static func text(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
