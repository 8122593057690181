/// The commands, in the order of the help page.
package enum Command: String, Sendable, CaseIterable {
    case sync, list, status, verify, export, report, rebuild, doctor, help
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
        case .status:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Show what the archive holds, what is missing and what is at risk.",
                details: [
                    """
                    Reads the catalog only: the numbers by status, the recordings that are not archived \
                    and will soon be deleted by the provider, the last runs. The provider is not asked.
                    """
                ])
        case .verify:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Read all archived files again and compare their checksums.",
                details: [
                    """
                    One line on standard output for each file that is missing, altered or unreadable, \
                    with what was expected and found, and for each file below recordings/ that no \
                    recording has. Damage gives exit status 8; unknown files alone give 0.
                    """,
                    """
                    It begins where the last run stopped, with the files that were not looked at for \
                    the longest time. A sync may run meanwhile, unless --repair is given.
                    """,
                ])
        case .export:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Print the manifest's entries as ndjson, json or csv.",
                details: [
                    """
                    In order of start time; with --after in order of sequence, so that a consumer that \
                    remembers the last number it saw gets each archived recording once. The provider \
                    is not asked.
                    """
                ])
        case .report:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Write a page that shows, searches and plays what is archived.",
                details: [
                    """
                    One HTML file, ARCHIVE/report.html, that any browser opens from the disk: the \
                    numbers, what is at risk, what failed and why, recordings and minutes per day, \
                    and all recordings in a table, each with a player. It loads nothing from the \
                    network and nothing but the recordings beside it.
                    """,
                    """
                    Only the catalog and, for the waveforms, the newest files are read; a sync may \
                    run meanwhile. With --since and --until it shows the recordings of that time.
                    """,
                ])
        case .rebuild:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Make the catalog anew from manifest, checksums and files.",
                details: [
                    """
                    A file is trusted only when its bytes match manifest.json or, where that is missing \
                    or torn, SHA256SUMS. Files that differ are moved to .callarchive/damaged, and are \
                    fetched again by the next sync like those that are missing. The old catalog is moved \
                    aside, never deleted.
                    """
                ])
        case .doctor:
            CommandSpec(
                command: self, operand: .archive,
                summary: "Check what a sync needs, and say how to mend what is amiss.",
                details: [
                    """
                    Looks at the configuration, the credentials (with one request to the provider), the \
                    connection, certificate and clock, at the archive's space and permissions, at what \
                    earlier runs left, at the catalog and the last run. One line for each on standard \
                    output; nothing in the archive is changed, and none is made.
                    """,
                    """
                    The exit status is the one that a sync would end with: 2, or else the first of 6, 4 \
                    and 5 that applies. Warnings alone give 0.
                    """,
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
