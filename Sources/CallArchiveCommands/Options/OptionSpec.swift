/// One row of the option table: all that parsing, help, man page and completions know of it.
package struct OptionSpec: Sendable {
    /// The heading under which help lists it; the raw value is the heading.
    package enum Section: String, Sendable, CaseIterable {
        case account = "Account and credentials"
        case selection = "Which recordings"
        case verification = "Verification"
        case risk = "What is at risk"
        case limits = "Limits of a run"
        case network = "Network"
        case handover = "Handing over"
        case monitoring = "Monitoring"
        case output = "Output"
        case general = "General"
    }

    /// Where a value may come from besides the command line.
    package enum Reach: Sendable {
        case anywhere
        case environment
        case commandLine
    }

    /// Without dashes, as `page-size`; also its key in the configuration file.
    package let name: String
    package let short: Character?
    package let value: OptionValue
    /// The default as help prints it; nil for flags and for what is simply not set.
    package let defaultText: String?
    package let commands: [Command]
    package let section: Section
    /// More than one occurrence adds up; else the last one wins.
    package let repeatable: Bool
    package let reach: Reach
    /// Other programs' variables that are read after our own.
    package let otherVariables: [String]
    /// One line for help and completions, without a full stop.
    package let help: String
    /// What the one line leaves out; may be empty.
    package let details: String
    /// Works, but is not listed.
    package let hidden: Bool

    package init(
        _ name: String, short: Character? = nil, _ value: OptionValue, default: String? = nil,
        commands: [Command], section: Section, repeatable: Bool = false, reach: Reach = .anywhere,
        otherVariables: [String] = [], hidden: Bool = false, help: String, details: String = ""
    ) {
        self.name = name
        self.short = short
        self.value = value
        self.defaultText = `default`
        self.commands = commands
        self.section = section
        self.repeatable = repeatable
        self.reach = reach
        self.otherVariables = otherVariables
        self.hidden = hidden
        self.help = help
        self.details = details
    }

    /// As typed, `--page-size`.
    package var flag: String { "--" + name }

    /// Works with every command.
    package var isGlobal: Bool { commands.count == Command.allCases.count }

    /// `CALLARCHIVE_PAGE_SIZE`; nil when the environment can't set it.
    package var variable: String? {
        guard reach != .commandLine else { return nil }
        let words = name.map { $0 == "-" ? "_" : $0 }
        return "CALLARCHIVE_" + String(words).uppercased()
    }
}
