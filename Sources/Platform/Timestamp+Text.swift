/// The texts of a moment; the year is held to 1 to 9999.
extension Timestamp {
    /// `2026-01-02T03:04:05Z`: whole seconds, the fraction cut.
    package var iso8601: String { text(dashes: true, milliseconds: false) }

    /// `2026-01-02T03:04:05.678Z`.
    package var iso8601Milliseconds: String { text(dashes: true, milliseconds: true) }

    /// `20130208T131547Z`, as file names have it.
    package var compactUTC: String { text(dashes: false, milliseconds: false) }

    /// `2013/02/08`, as the archive's folders have it.
    package var dayPath: String {
        let date = civilDate
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10)
        Self.append(date.year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "/"))
        Self.append(date.month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "/"))
        Self.append(date.day, digits: 2, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private var civilDate: CivilDate {
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        var date = CivilDate(daysSinceEpoch: Int(days))
        date.year = min(max(date.year, 1), 9999)
        return date
    }

    private func text(dashes: Bool, milliseconds wanted: Bool) -> String {
        let date = civilDate
        let secondOfDay = Int(((seconds % 86_400) + 86_400) % 86_400)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        Self.append(date.year, digits: 4, to: &bytes)
        if dashes { bytes.append(UInt8(ascii: "-")) }
        Self.append(date.month, digits: 2, to: &bytes)
        if dashes { bytes.append(UInt8(ascii: "-")) }
        Self.append(date.day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(secondOfDay / 3600, digits: 2, to: &bytes)
        if dashes { bytes.append(UInt8(ascii: ":")) }
        Self.append(secondOfDay / 60 % 60, digits: 2, to: &bytes)
        if dashes { bytes.append(UInt8(ascii: ":")) }
        Self.append(secondOfDay % 60, digits: 2, to: &bytes)
        if wanted {
            bytes.append(UInt8(ascii: "."))
            Self.append(Int(milliseconds - seconds * 1000), digits: 3, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
