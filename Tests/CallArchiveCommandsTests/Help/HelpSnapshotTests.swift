import CallArchive
import CallArchiveCommands
import Testing

struct HelpSnapshotTests {
    @Test func `the program's page`() throws {
        try expectSnapshot(HelpPage.program(), "help.txt")
    }

    @Test(arguments: Command.allCases)
    func `a command's pages`(command: Command) throws {
        let long = HelpPage.command(command, isLong: true)
        try expectSnapshot(long, "help-\(command.rawValue).txt")
        let short = HelpPage.command(command, isLong: false)
        try expectSnapshot(short, "help-\(command.rawValue)-short.txt")
        for option in OptionTable.options(of: command) where !option.hidden && !option.isGlobal {
            #expect(long.contains(option.flag) && short.contains(option.flag))
        }
    }

    @Test func `no line is wider than a terminal`() {
        let pages = Command.allCases.map { HelpPage.command($0, isLong: true) }
        for line in (pages + [HelpPage.program(), HelpPage.hint()]).joined().split(separator: "\n")
        {
            #expect(line.count <= 80 && !line.hasSuffix(" "), "\(line)")
        }
    }

    @Test func `the manual page and the completions`() throws {
        try expectSnapshot(ManPage.render(), "callarchive.1")
        for shell in Options.Shell.allCases {
            try expectSnapshot(Completions.render(shell), "completions.\(shell.rawValue)")
        }
    }

    @Test func `everything visible stands in the manual page and in each completion`() {
        let page = ManPage.render().replacing("\\-", with: "-")
        for option in OptionTable.all where !option.hidden {
            #expect(page.contains(option.flag))
            for shell in Options.Shell.allCases {
                let script = Completions.render(shell)
                #expect(script.contains(option.name), "\(shell) \(option.name)")
            }
        }
        for status in ExitStatus.all { #expect(page.contains(status.meaning)) }
    }
}
