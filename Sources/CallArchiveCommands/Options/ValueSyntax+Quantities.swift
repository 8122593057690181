package import CallArchive
package import Platform

extension ValueSyntax<Int64> {
    /// Bytes: `512`, `64K`, `10M`, `2G`, `1T`, in powers of 1024.
    package static func size(atLeast least: Int64) -> Self {
        ValueSyntax(placeholder: "BYTES", expected: "bytes as 512, 64K, 10M or 2G") {
            text throws(ValueProblem) in
            let units: [Character: Int64] = [
                "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40,
            ]
            var number = text.uppercased()[...]
            // `KiB` says the same as `K`; `KB` means 1000 to some, so it is not taken.
            if number.hasSuffix("IB") { number = number.dropLast(2) }
            let unit = number.last.flatMap { units[$0] }
            let scaled = unit != nil
            if scaled { number = number.dropLast() }
            guard let digits = Digits(number), scaled || number.count == text.count else {
                throw ValueProblem("\(quoted(text)) is not a number of bytes")
            }
            let (bytes, overflow) = Int64(digits.value ?? .max).multipliedReportingOverflow(
                by: unit ?? 1)
            guard !overflow, bytes < .max else {
                throw ValueProblem("\(quoted(text)) is too large")
            }
            guard bytes >= least else {
                throw ValueProblem("\(quoted(text)) is less than \(least)")
            }
            return bytes
        }
    }
}

extension ValueSyntax<Duration> {
    /// `90s`, `15m`, `2h`, `1d`, `1h30m`, and plain `0`; at most 3650 days.
    package static func duration(atLeast least: Duration) -> Self {
        ValueSyntax(placeholder: "TIME", expected: "a duration as 90s, 15m, 2h or 1d") {
            text throws(ValueProblem) in
            guard let seconds = durationSeconds(text) else {
                let unitless = Digits(text) != nil && !text.hasPrefix("-")
                throw ValueProblem(
                    unitless
                        ? "\(quoted(text)) has no unit" : "\(quoted(text)) is not a duration",
                    hint: unitless ? "write \(text)s for seconds, \(text)m for minutes" : nil)
            }
            let duration = Duration.seconds(seconds)
            guard duration >= least else {
                throw ValueProblem("\(quoted(text)) is less than \(Wording.duration(least))")
            }
            guard seconds <= 3650 * 86400 else {
                throw ValueProblem("\(quoted(text)) is more than 3650 days")
            }
            return duration
        }
    }
}

/// Seconds of `1h30m`: units from large to small, each once.
private func durationSeconds(_ text: String) -> Int? {
    if text == "0" { return 0 }
    var total = 0
    var rest = text[...]
    var units: [(Character, Int)] = [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
        let number = rest.prefix { $0.isASCII && $0.isNumber }
        // Nine digits can't overflow, with any unit.
        guard (1...9).contains(number.count), let count = Int(number) else { return nil }
        rest = rest.dropFirst(number.count)
        guard let letter = rest.popFirst(),
            let index = units.firstIndex(where: { $0.0 == letter })
        else { return nil }
        total += count * units[index].1
        units.removeFirst(index + 1)
    }
    return total
}

extension ValueSyntax<RequestRate> {
    /// `20/s`, `60/m`, `0.5/s`, `auto`, `none`.
    package static var requestRate: ValueSyntax<RequestRate> {
        ValueSyntax(placeholder: "RATE", expected: "a rate as 20/s or 60/m, or auto, or none") {
            text throws(ValueProblem) in
            switch text {
            case "auto": return .auto
            case "none": return .none
            default: break
            }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let seconds: [Substring: Double] = ["s": 1, "m": 60, "h": 3600]
            guard parts.count == 2, let unit = seconds[parts[1]], isDecimal(parts[0]),
                let count = Double(parts[0])
            else {
                throw ValueProblem(
                    "\(quoted(text)) is not a rate",
                    hint: isDecimal(text[...]) ? "write \(text)/s for requests per second" : nil)
            }
            guard count > 0, (1e-4...1e5).contains(count / unit) else {
                throw ValueProblem(
                    "\(quoted(text)) is out of range",
                    hint: count == 0 ? "none never holds back" : nil)
            }
            return .perSecond(count / unit)
        }
    }
}

/// Digits with at most one point among them; no exponent, no `inf`.
private func isDecimal(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
        && parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
}

extension ValueSyntax<Timestamp> {
    package static var moment: ValueSyntax<Timestamp> {
        ValueSyntax(
            placeholder: "DATE", expected: "a date as 2013-02-08, or a time as 2013-02-08T13:15:47Z"
        ) { text throws(ValueProblem) in
            guard let moment = Timestamp(dateOrISO8601: text) else {
                throw ValueProblem("\(quoted(text)) is not a date or time")
            }
            return moment
        }
    }
}

extension ValueSyntax<Double> {
    /// `5%`, `0.5%`: a share above 0 and up to 1.
    package static var share: ValueSyntax<Double> {
        ValueSyntax(placeholder: "PERCENT", expected: "a percentage as 5% or 0.5%") {
            text throws(ValueProblem) in
            let number = text.dropLast()
            guard text.hasSuffix("%"), isDecimal(number), let percent = Double(number) else {
                throw ValueProblem(
                    "\(quoted(text)) is not a percentage",
                    hint: isDecimal(text[...]) ? "write \(text)%" : nil)
            }
            guard percent > 0, percent <= 100 else {
                throw ValueProblem("\(quoted(text)) is not above 0% and up to 100%")
            }
            return percent / 100
        }
    }
}
