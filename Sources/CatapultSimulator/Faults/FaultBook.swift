/// The rules in force and how often each has met a request.
struct FaultBook: Sendable {
    private struct Counter: Hashable {
        var rule: Int
        var subject: String
    }

    private(set) var rules: [Fault] = []
    private var counts: [Counter: Int] = [:]

    init(_ rules: [Fault] = []) {
        self.rules = rules
    }

    mutating func add(_ fault: Fault) {
        rules.append(fault)
    }

    mutating func clear() {
        rules = []
        counts = [:]
    }

    /// The first rule that applies; each rule that matches counts the request.
    mutating func fault(for family: EndpointFamily, subjects: [String], hop: Bool) -> Fault? {
        pick(subject: subjects.first ?? "") { rule in
            // What was redirected once arrives, unless it is to go on for ever.
            if hop, [.redirect, .redirectSame, .redirectDowngrade].contains(rule.name) {
                return false
            }
            return rule.matches(family: family, subjects: subjects)
        }
    }

    /// The first rule that applies to a connection just accepted.
    mutating func faultForConnection() -> Fault? {
        pick(subject: "") { $0.isForConnections }
    }

    private mutating func pick(subject: String, _ matches: (Fault) -> Bool) -> Fault? {
        var chosen: Fault?
        for (index, rule) in rules.enumerated() where matches(rule) {
            let counter = Counter(rule: index, subject: rule.countsEach ? subject : "")
            let count = (counts[counter] ?? 0) + 1
            counts[counter] = count
            if chosen == nil, rule.applies(toRequest: count, subject: subject) { chosen = rule }
        }
        return chosen
    }
}
