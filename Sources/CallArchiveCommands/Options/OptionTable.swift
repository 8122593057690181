/// Every option there is, in the order of the help page.
///
/// A new option is one row here and one field in `SyncSettings` or `Options`. There is no option
/// that takes a secret, and there must never be one: arguments are seen by every user.
package enum OptionTable {
    package static let all: [OptionSpec] =
        account + archives + selection + export + verification + risk + report + limits + network
        + handover + monitoring + output + general

    /// The options that `command` takes, global ones included.
    package static func options(of command: Command) -> [OptionSpec] {
        all.filter { $0.commands.contains(command) }
    }

    package static func named(_ name: String) -> OptionSpec? {
        all.first { $0.name == name }
    }

    package static func short(_ letter: Character) -> OptionSpec? {
        all.first { $0.short == letter }
    }

    static let everywhere = Command.allCases

    private static let output: [OptionSpec] = [
        OptionSpec(
            "json", .flag(\.json), commands: [.sync, .list, .status, .verify, .export, .doctor],
            section: .output,
            help: "Print JSON on standard output, one object a line",
            details: """
                With sync these are events: what was archived (after it is durable), what failed, \
                and at the end the summary with the exit status. With list, one recording a line; with verify, one \
                finding a line, as with doctor; with status, all in one object. With export it is \
                the same as --format ndjson.
                """),
        OptionSpec(
            "progress", .value(.choice("WHEN"), into: \.progress), default: "auto",
            commands: [.sync, .verify], section: .output,
            help: "Show a progress line: auto, always or never",
            details: "auto shows it when standard error is a terminal."),
        OptionSpec(
            "log-format", .value(.choice("FORMAT"), into: \.logFormat), default: "text",
            commands: everywhere, section: .output,
            help: "Write the log on standard error as text or json",
            details: "json is one object a line with time, level and message."),
        OptionSpec(
            "quiet", short: "q", .flag(choosing: .quiet, else: .normal, \.verbosity),
            commands: everywhere, section: .output,
            help: "Print errors only; nothing when all went well"),
        OptionSpec(
            "verbose", short: "v", .flag(choosing: .verbose, else: .normal, \.verbosity),
            commands: everywhere, section: .output,
            help: "Print each step, with retries and waits"),
    ]

    private static let general: [OptionSpec] = [
        OptionSpec(
            "config", .value(.file, into: \.configFile), commands: everywhere, section: .general,
            reach: .environment,
            help: "Read options from a JSON5 file",
            details: """
                Its keys are the options' names without dashes in front, "archive", and "archives" \
                for several (see --all). An option on the command line or in the environment goes \
                before it. It holds no credentials.
                """),
        OptionSpec(
            "man", .flag(\.manPage), commands: [.help], section: .general,
            reach: .commandLine, hidden: true,
            help: "Print the manual page"),
        OptionSpec(
            "completions", .value(.choice("SHELL"), into: \.completions),
            commands: [.help], section: .general, reach: .commandLine,
            help: "Print completions for bash, zsh or fish"),
        OptionSpec(
            "help", short: "h", .flag(\.help), commands: everywhere, section: .general,
            reach: .commandLine,
            help: "Show help; -h shows it short"),
        OptionSpec(
            "version", short: "V", .flag(\.version), commands: everywhere, section: .general,
            reach: .commandLine,
            help: "Show the version"),
    ]
}
