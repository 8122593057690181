extension JSONText {
    /// A plain decimal without exponent and with at most 6 decimals, as `93.52`.
    ///
    /// JSON has no word for infinity and none for no number: those become `null`.
    package mutating func decimal(_ value: Double) {
        if !plain(value) { null() }
    }

    static func plainDecimal(_ value: Double) -> String? {
        var text = JSONText(reserving: 24)
        return text.plain(value) ? String(decoding: text.bytes, as: UTF8.self) : nil
    }

    /// False, with nothing written, for what has no such form.
    private mutating func plain(_ value: Double) -> Bool {
        let millionths = (value.magnitude * 1_000_000).rounded()
        guard millionths < 0x1p63 else { return false }
        if value < 0 && millionths > 0 { append(UInt8(ascii: "-")) }
        digits(UInt64(millionths) / 1_000_000)
        var fraction = UInt64(millionths) % 1_000_000
        guard fraction > 0 else { return true }
        append(UInt8(ascii: "."))
        var divisor: UInt64 = 100_000
        while fraction > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / divisor))
            fraction %= divisor
            divisor /= 10
        }
        return true
    }
}
