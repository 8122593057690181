internal import CatapultSimulator

/// Reads the values of options.
enum Value {
    /// A number that is not negative, with K, M or G for powers of 1024.
    static func number(_ text: String, _ option: String) throws(SimulatorError) -> Double {
        var digits = text[...]
        var factor = 1.0
        for (suffix, value) in [("K", 1024.0), ("M", 1_048_576), ("G", 1_073_741_824)]
        where text.uppercased().hasSuffix(suffix) {
            digits = text.dropLast()
            factor = value
        }
        guard let number = Double(digits), number >= 0, number * factor < 1e15 else {
            throw .invalid("\(option): '\(text)' is no number")
        }
        return number * factor
    }

    static func range(
        _ text: String, _ option: String
    ) throws(SimulatorError) -> ClosedRange<Int64> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let low = Int64(try number(String(ends[0]), option))
        let high = ends.count == 2 ? Int64(try number(String(ends[1]), option)) : low
        guard ends.count <= 2, low <= high else { throw .invalid("\(option): '\(text)'") }
        return low...high
    }

    /// `word`, or `word=number`, separated by commas.
    static func weights(
        _ text: String, _ option: String, standard: Double
    ) throws(SimulatorError) -> [(String, Double)] {
        var weights: [(String, Double)] = []
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1)
            guard let word = parts.first else { throw .invalid("\(option): '\(text)'") }
            let weight = parts.count > 1 ? try number(String(parts[1]), option) : standard
            weights.append((String(word), weight))
        }
        return weights
    }

    static func flag(_ text: String, _ option: String) throws(SimulatorError) -> Bool {
        switch text {
        case "on": return true
        case "off": return false
        default: throw .invalid("\(option): on or off, not '\(text)'")
        }
    }

    static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ option: String
    ) throws(SimulatorError) -> Word {
        guard let word = Word(rawValue: text) else {
            throw .invalid("\(option): '\(text)' is not one of \(list(Word.self))")
        }
        return word
    }

    static func list<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
        Word.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// `[FAMILY=]N/s` or `N/m`.
    static func setRate(_ text: String, of configuration: inout Configuration)
        throws(SimulatorError)
    {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard let rate = parts.last?.split(separator: "/"), rate.count == 2,
            let requests = Int(rate[0]), requests > 0, rate[1] == "s" || rate[1] == "m"
        else { throw .invalid("--rate: '\(text)' is not like media=20/s or 60/m") }
        let limit = RateLimit(requests: requests, per: rate[1] == "s" ? 1 : 60)
        if parts.count == 2 {
            let family: EndpointFamily = try word(String(parts[0]), "--rate")
            configuration.rates[family] = limit
        } else {
            for family in [EndpointFamily.recordings, .media, .calls, .transcriptions] {
                configuration.rates[family] = limit
            }
        }
    }
}
