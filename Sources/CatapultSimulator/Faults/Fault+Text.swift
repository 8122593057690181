extension Fault {
    /// Reads `FAMILY[:SUBJECT]:NAME[@ARGUMENT][:SELECTOR…]`, as `--help` tells.
    ///
    /// Subjects and URLs may hold colons: a piece that is neither a fault's name nor a known
    /// setting belongs to the piece before it.
    package init(_ text: String) throws(SimulatorError) {
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let families = ["any", "connection"] + EndpointFamily.allCases.map(\.rawValue)
        guard pieces.count >= 2, families.contains(pieces[0]) else {
            throw .invalid("fault '\(text)': begin with one of \(families.joined(separator: ", "))")
        }
        guard
            let place = pieces.indices.dropFirst().first(where: { Self.name(pieces[$0]) != nil }),
            let name = Self.name(pieces[place])
        else { throw .invalid("fault '\(text)': no known fault is named") }

        self.init(name)
        family = EndpointFamily(rawValue: pieces[0])
        isForConnections = pieces[0] == "connection"
        if isForConnections != (name == .cutHandshake) {
            throw .invalid("fault '\(text)': cut-handshake goes with family connection only")
        }
        if place > 1 { subject = pieces[1..<place].joined(separator: ":") }

        var argument = Self.argument(pieces[place])
        var settings: [(key: String, value: String)] = []
        for piece in pieces[(place + 1)...] {
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if Self.settings.contains(String(parts[0])) {
                settings.append((String(parts[0]), parts.count > 1 ? String(parts[1]) : ""))
            } else if settings.isEmpty, let begun = argument {
                argument = begun + ":" + piece
            } else {
                throw .invalid("fault '\(text)': '\(piece)' is not understood")
            }
        }
        if let argument { try read(argument: argument, of: text) }
        for setting in settings { try read(setting.key, setting.value, of: text) }
        if name == .status && number == nil {
            throw .invalid("fault '\(text)': status needs a number")
        }
        if name == .redirect && self.text == nil {
            throw .invalid("fault '\(text)': redirect needs a URL")
        }
    }

    private static let settings = [
        "first", "nth", "from", "every", "chance", "each", "seconds", "code", "body",
        "retry-after",
    ]

    private static func name(_ piece: String) -> FaultName? {
        FaultName(rawValue: String(piece.prefix { $0 != "@" && $0 != "=" }))
    }

    private static func argument(_ piece: String) -> String? {
        piece.firstIndex { $0 == "@" || $0 == "=" }.map {
            String(piece[piece.index(after: $0)...])
        }
    }

    private mutating func read(argument: String, of whole: String) throws(SimulatorError) {
        switch name.argument {
        case .none: throw .invalid("fault '\(whole)': \(name.rawValue) takes no argument")
        case .text: text = argument
        case .number: number = try Self.number(argument, of: whole)
        case .place:
            if argument.hasSuffix("%") {
                place = .fraction(try Self.number(String(argument.dropLast()), of: whole) / 100)
            } else if argument.contains(".") {
                place = .fraction(try Self.number(argument, of: whole))
            } else {
                place = .byte(Int64(try Self.number(argument, of: whole)))
            }
        }
    }

    private mutating func read(
        _ key: String, _ value: String, of whole: String
    ) throws(SimulatorError) {
        switch key {
        case "first": first = Int(try Self.number(value, of: whole))
        case "nth": nth = Int(try Self.number(value, of: whole))
        case "from": from = Int(try Self.number(value, of: whole))
        case "every": every = Int(try Self.number(value, of: whole))
        case "chance": chance = try Self.number(value, of: whole)
        case "seconds": seconds = try Self.number(value, of: whole)
        case "code": code = Int(try Self.number(value, of: whole))
        case "each": countsEach = true
        case "retry-after": retryAfter = value
        default:
            guard let style = BodyStyle(rawValue: value) else {
                throw .invalid("fault '\(whole)': body is json, empty, plain or html")
            }
            bodyStyle = style
        }
    }

    private static func number(_ text: String, of whole: String) throws(SimulatorError) -> Double {
        guard let number = Double(text), number >= 0, number < 1e15 else {
            throw .invalid("fault '\(whole)': '\(text)' is no number")
        }
        return number
    }
}
