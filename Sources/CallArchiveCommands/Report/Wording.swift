/// Numbers and times as people read them.
package enum Wording {
    /// `1,034`.
    package static func count(_ number: some BinaryInteger) -> String {
        let digits = "\(number.magnitude)"
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }

    /// `1 recording`, `1,034 recordings`.
    package static func count(
        _ number: Int, _ singular: String, _ plural: String? = nil
    ) -> String {
        "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// `sync`, `sync and list`, `sync, list and doctor`.
    package static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return "\(words.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// `0 B`, `512 B`, `201.3 MiB`.
    package static func bytes(_ number: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
        guard number >= 1024 else { return "\(number) B" }
        var value = Double(number) / 1024
        var unit = 0
        // 1023.95 would be rounded to 1024.0.
        while value >= 1023.95, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(decimal(value)) \(units[unit])"
    }

    /// One digit behind the point.
    package static func decimal(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(count(tenths / 10)).\(abs(tenths % 10))"
    }

    /// The two largest units: `0.4 s`, `41 s`, `3 min 5 s`, `2 h 10 min`, `1 d 3 h`.
    package static func duration(_ duration: Duration) -> String {
        let (whole, fraction) = duration.components
        if whole < 10 {
            let tenths = whole * 10 + fraction / 100_000_000_000_000_000
            // Whole seconds read easier, and are what people give.
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        let units: [(Int64, String)] = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        let first = units.firstIndex { whole >= $0.0 } ?? units.count - 1
        let head = "\(whole / units[first].0) \(units[first].1)"
        guard first + 1 < units.count else { return head }
        let rest = whole % units[first].0 / units[first + 1].0
        return rest == 0 ? head : "\(head) \(rest) \(units[first + 1].1)"
    }

    /// Seconds with three digits at most, for JSON.
    package static func seconds(_ duration: Duration) -> Double {
        let (whole, fraction) = duration.components
        return Double(whole) + Double(fraction / 1_000_000_000_000_000) / 1000
    }

    /// SIGINT, SIGTERM, SIGHUP by name.
    package static func signal(_ number: Int32) -> String {
        switch number {
        case 1: "SIGHUP"
        case 2: "SIGINT"
        case 15: "SIGTERM"
        default: "signal \(number)"
        }
    }
}
