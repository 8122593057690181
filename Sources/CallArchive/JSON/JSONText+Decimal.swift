extension JSONText {
    /// A plain decimal without exponent and with at most 6 decimals, as `93.52`.
    ///
    /// JSON has no word for infinity and none for no number: those become `null`.
    package mutating func decimal(_ value: Double) {
        guard let text = Self.plainDecimal(value) else { return null() }
        bytes.append(contentsOf: text.utf8)
    }

    static func plainDecimal(_ value: Double) -> String? {
        let millionths = (value.magnitude * 1_000_000).rounded()
        guard millionths < 0x1p63 else { return nil }
        let whole = UInt64(millionths) / 1_000_000
        var fraction = UInt64(millionths) % 1_000_000
        var text = value < 0 && millionths > 0 ? "-\(whole)" : "\(whole)"
        guard fraction > 0 else { return text }
        var digits = 6
        while fraction.isMultiple(of: 10) {
            fraction /= 10
            digits -= 1
        }
        let significant = String(fraction)
        text += "." + String(repeating: "0", count: digits - significant.utf8.count) + significant
        return text
    }
}
