package import CallArchive

/// `help`: pages, the manual page, shell completions; all on standard output.
package struct HelpCommand: Sendable {
    private let options: Options
    private let topic: String?

    package init(options: Options, topic: String?) {
        self.options = options
        self.topic = topic
    }

    package func text() throws(ArchiveError) -> String {
        if options.manPage { return ManPage.render() }
        if let shell = options.completions { return Completions.render(shell) }
        guard let topic else { return HelpPage.program() }
        guard let command = Command(name: topic) else {
            throw RawInvocation.unknown(command: topic, later: [])
        }
        return HelpPage.command(command, isLong: true)
    }
}
