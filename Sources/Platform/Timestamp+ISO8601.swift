extension Timestamp {
    /// Reads an ISO 8601 date and time, as `2013-02-08T13:15:47.587Z`.
    ///
    /// The fraction may have 1 to 9 digits and is cut to milliseconds; the zone is `Z`, `+02:00`
    /// or `+0200`. A time without a zone is UTC, as all times of the provider are. Impossible
    /// times (second 60 among them) and years outside 1 to 9999 give nil.
    package init?(iso8601 text: String) {
        var text = text
        let parsed = text.withUTF8 { utf8 in
            // The buffer outlives the call; the reader checks its bounds.
            unsafe Self.read(Span(_unsafeElements: utf8), dateAlone: false)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Like `init(iso8601:)`, but takes a date alone too: its midnight in UTC.
    package init?(dateOrISO8601 text: String) {
        var text = text
        let parsed = text.withUTF8 { utf8 in
            // The buffer outlives the call; the reader checks its bounds.
            unsafe Self.read(Span(_unsafeElements: utf8), dateAlone: true)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Like `init(iso8601:)`, from UTF-8 bytes.
    package init?(iso8601 bytes: Span<UInt8>) {
        guard let parsed = Self.read(bytes, dateAlone: false) else { return nil }
        self = parsed
    }

    private static func read(_ bytes: Span<UInt8>, dateAlone: Bool) -> Timestamp? {
        var reader = DigitReader()
        guard let year = reader.digits(4, in: bytes), reader.take("-", in: bytes),
            let month = reader.digits(2, in: bytes), reader.take("-", in: bytes),
            let day = reader.digits(2, in: bytes),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let days = Int64(date.daysSinceEpoch)
        if dateAlone, reader.isAtEnd(of: bytes) {
            return Timestamp(milliseconds: days * 86_400_000)
        }
        guard reader.take("T", in: bytes) || reader.take("t", in: bytes),
            let hour = reader.digits(2, in: bytes), hour <= 23, reader.take(":", in: bytes),
            let minute = reader.digits(2, in: bytes), minute <= 59, reader.take(":", in: bytes),
            let second = reader.digits(2, in: bytes), second <= 59,
            let fraction = reader.fraction(in: bytes),
            let offset = reader.zone(in: bytes), reader.isAtEnd(of: bytes)
        else { return nil }
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        let moment = Timestamp(milliseconds: seconds * 1000 + Int64(fraction))
        return (earliest...latest).contains(moment) ? moment : nil
    }

    /// 0001-01-01T00:00:00Z.
    private static var earliest: Timestamp { Timestamp(milliseconds: -62_135_596_800_000) }
    /// 9999-12-31T23:59:59.999Z.
    private static var latest: Timestamp { Timestamp(milliseconds: 253_402_300_799_999) }
}

/// A place in a text of digits and separators.
private struct DigitReader {
    private var offset = 0

    func isAtEnd(of bytes: Span<UInt8>) -> Bool { offset == bytes.count }

    mutating func take(_ character: Unicode.Scalar, in bytes: Span<UInt8>) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func digits(_ count: Int, in bytes: Span<UInt8>) -> Int? {
        guard bytes.count - offset >= count else { return nil }
        var value = 0
        for index in offset..<offset + count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        offset += count
        return value
    }

    /// Milliseconds; 0 when there is no fraction, nil when it is malformed.
    mutating func fraction(in bytes: Span<UInt8>) -> Int? {
        guard take(".", in: bytes) || take(",", in: bytes) else { return 0 }
        var value = 0
        var count = 0
        while count < 10, let digit = digits(1, in: bytes) {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        guard (1...9).contains(count) else { return nil }
        for _ in count..<max(count, 3) { value *= 10 }
        return value
    }

    /// Seconds east of UTC; 0 when there is no zone, nil when it is malformed.
    mutating func zone(in bytes: Span<UInt8>) -> Int? {
        if isAtEnd(of: bytes) || take("Z", in: bytes) || take("z", in: bytes) { return 0 }
        let sign: Int
        if take("+", in: bytes) {
            sign = 1
        } else if take("-", in: bytes) {
            sign = -1
        } else {
            return nil
        }
        guard let hours = digits(2, in: bytes), hours <= 23 else { return nil }
        _ = take(":", in: bytes)
        guard let minutes = digits(2, in: bytes), minutes <= 59 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
