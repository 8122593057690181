package import CallArchive

extension RawInvocation {
    /// Sorts the arguments (without the program's name).
    ///
    /// Options stand anywhere, also before the command; `--` ends them. A request for help wins
    /// over whatever is wrong with the rest.
    package init(arguments: [String]) throws(ArchiveError) {
        self.init()
        do {
            try parse(arguments)
        } catch {
            let words = arguments.prefix { $0 != "--" }
            guard let flag = words.first(where: { $0 == "--help" || $0 == "-h" }),
                let spec = OptionTable.named("help")
            else { throw error }
            options = [TypedOption(spec: spec, text: "1", flag: flag)]
            operand = nil
        }
    }

    private mutating func parse(_ arguments: [String]) throws(ArchiveError) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" {
                while let operand = rest.popFirst() { try take(operand: operand, before: rest) }
            } else if word.hasPrefix("--") {
                try parseLong(word.dropFirst(2), rest: &rest)
            } else if word.hasPrefix("-"), word != "-" {
                try parseShort(word.dropFirst(), rest: &rest)
            } else {
                try take(operand: word, before: rest)
            }
        }
        // Only now: options may stand before their command.
        guard let command else { return }
        for option in options where !option.spec.commands.contains(command) {
            throw Self.misplaced(option, command: command)
        }
    }

    private mutating func take(
        operand word: String, before rest: ArraySlice<String>
    ) throws(ArchiveError) {
        guard let command else {
            guard let named = Command(name: word) else {
                throw Self.unknown(command: word, later: Array(rest))
            }
            command = named
            return
        }
        guard operand == nil else {
            throw ArchiveError(
                .usage, "unexpected argument \(quoted(word))",
                why: "\(command.rawValue) takes one \(command.spec.operand.placeholder), and it is "
                    + quoted(operand ?? ""),
                hint: command.spec.operand == .archive
                    ? "put quotes around a path that contains spaces" : nil)
        }
        operand = word
    }

    private mutating func parseLong(
        _ body: Substring, rest: inout ArraySlice<String>
    ) throws(ArchiveError) {
        let name = body.prefix { $0 != "=" }
        guard let spec = OptionTable.named(String(name)) else {
            throw Self.unknown(option: "--" + name, command: command)
        }
        let given = name.endIndex < body.endIndex ? body[name.endIndex...].dropFirst() : nil
        try add(spec, flag: spec.flag, given: given.map(String.init), rest: &rest)
    }

    /// `-q`, `-qv`.
    private mutating func parseShort(
        _ letters: Substring, rest: inout ArraySlice<String>
    ) throws(ArchiveError) {
        for letter in letters {
            guard let spec = OptionTable.short(letter) else {
                // The letter alone: what follows may be a password, as in other programs' -p.
                throw Self.unknown(option: "-\(letter)", command: command)
            }
            try add(spec, flag: "-\(letter)", given: nil, rest: &rest)
        }
    }

    private mutating func add(
        _ spec: OptionSpec, flag: String, given: String?, rest: inout ArraySlice<String>
    ) throws(ArchiveError) {
        var text = given
        if spec.value.shape == .flag {
            text = text ?? "1"
        } else if text == nil, let next = rest.first, !Self.looksLikeOption(next) {
            text = next
            rest.removeFirst()
        }
        guard let text else {
            throw ArchiveError(
                .usage, "\(flag) needs a value", why: "nothing follows it that could be one",
                hint: "give \(spec.value.expected), as \(spec.flag)=\(spec.value.placeholder)")
        }
        guard !text.isEmpty else {
            throw ArchiveError(
                .usage, "\(flag) needs a value", why: "the one given is empty",
                hint: "give \(spec.value.expected), or leave the option out")
        }
        options.append(TypedOption(spec: spec, text: text, flag: flag))
    }

    /// A negative number is a value (out of range, mostly), not an option.
    private static func looksLikeOption(_ word: String) -> Bool {
        guard word.hasPrefix("-") else { return false }
        return !(word.dropFirst().first.map { $0.isASCII && $0.isNumber } ?? false)
    }
}

extension CommandSpec.Operand {
    package var placeholder: String {
        switch self {
        case .archive: "ARCHIVE"
        case .command: "COMMAND"
        }
    }
}
