/// The commands, in the order of the help page.
package enum Command: String, Sendable, CaseIterable {
    case sync, list, help
}

/// A command as users read of it.
package struct CommandSpec: Sendable {
    /// What may stand on the line beside options.
    package enum Operand: Sendable {
        case archive
        case command
    }

    package let command: Command
    package let operand: Operand
    /// One line for the list of commands.
    package let summary: String
    /// Paragraphs for the command's own page.
    package let details: [String]

    package var name: String { command.rawValue }
}

extension Command {
    package var spec: CommandSpec {
        switch self {
        case .sync:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Archive every complete recording that is not archived yet.",
                details: [
                    """
                    Lists the account's recordings, downloads the complete ones that ARCHIVE does not \
                    have yet, oldest first, checks each one's bytes and keeps them as .wav files with a \
                    manifest. A run that was stopped or killed is continued by starting it again.
                    """,
                    """
                    Prints one summary line on standard error, more only when there is trouble, and \
                    a progress line on a terminal. Standard output stays empty unless --json is given.
                    """,
                ])
        case .list:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Show what the provider has now, and what a sync would do with each.",
                details: [
                    """
                    One line per recording on standard output: what sync would do with it, its state at \
                    the provider, its start time, its id. Nothing is written and no archive is made; \
                    when ARCHIVE exists, what it holds already is taken into account.
                    """
                ])
        case .help:
            CommandSpec(
                command: self, operand: .command,
                summary: "Show help for the program or a command.",
                details: ["Without COMMAND it shows what the program does and all its commands."])
        }
    }

    package init?(name: String) {
        self.init(rawValue: name)
    }
}
