/// One rule: what goes wrong, for which requests.
package struct Fault: Sendable, Equatable {
    /// A place in a body.
    package enum Place: Sendable, Equatable {
        case fraction(Double)
        case byte(Int64)

        func offset(in count: Int64) -> Int64 {
            switch self {
            case .fraction(let share): min(count, max(0, Int64(Double(count) * share)))
            case .byte(let offset): min(count, max(0, offset))
            }
        }
    }

    package enum BodyStyle: String, Sendable {
        case json, empty, plain, html
    }

    package var name: FaultName
    package var place = Place.fraction(0.5)
    /// Seconds, bytes, a status or what else the fault counts by; nil: its default.
    package var number: Double?
    /// A URL.
    package var text: String?
    package var seconds = 3600.0
    package var code = 302
    package var bodyStyle = BodyStyle.json
    /// Seconds, or `date` for a date two seconds ahead.
    package var retryAfter: String?

    // Which requests.
    /// Nil: any but control.
    package var family: EndpointFamily?
    /// TLS and TCP: before there is a request.
    package var isForConnections = false
    /// Recording id, media name, call id or page number; a final `*` stands for anything.
    package var subject: String?

    // Which of them; all that are given must hold. Counted from 1.
    package var first: Int?
    package var nth: Int?
    package var from: Int?
    package var every: Int?
    /// A share of the requests, the same ones in each run.
    package var chance: Double?
    /// The requests are counted for each subject by itself.
    package var countsEach = false

    package init(_ name: FaultName) {
        self.name = name
    }

    func matches(family: EndpointFamily, subjects: [String]) -> Bool {
        if isForConnections { return false }
        if let wanted = self.family {
            if wanted != family { return false }
        } else if family == .control {
            return false
        }
        guard let subject else { return true }
        if subject.hasSuffix("*") {
            return subjects.contains { $0.hasPrefix(subject.dropLast()) }
        }
        return subjects.contains(subject)
    }

    func applies(toRequest count: Int, subject: String) -> Bool {
        if let first, count > first { return false }
        if let nth, count != nth { return false }
        if let from, count < from { return false }
        if let every, every > 0, count % every != 0 { return false }
        if let chance {
            let hash = StableHash.of(subject) ^ UInt64(count)
            if StableHash.fraction(hash) >= chance { return false }
        }
        return true
    }
}
