import CallArchive
import CallArchiveCommands
import Testing

struct RawInvocationTests {
    struct Line: CustomTestStringConvertible {
        let words: String
        let command: Command?
        let options: [String]
        let operand: String?
        var testDescription: String { words }

        init(_ words: String, _ command: Command?, _ options: [String], _ operand: String? = nil) {
            self.words = words
            self.command = command
            self.options = options
            self.operand = operand
        }
    }

    @Test(arguments: [
        Line("", nil, []),
        Line("sync", .sync, []),
        Line("sync /srv/calls", .sync, [], "/srv/calls"),
        Line("sync --user-id u /srv/calls", .sync, ["user-id=u"], "/srv/calls"),
        Line("sync /srv/calls --user-id u", .sync, ["user-id=u"], "/srv/calls"),
        Line("--user-id u sync /srv/calls", .sync, ["user-id=u"], "/srv/calls"),
        Line("sync --user-id=u=v", .sync, ["user-id=u=v"]),
        Line("-q sync", .sync, ["quiet=1"]),
        Line("sync -qv", .sync, ["quiet=1", "verbose=1"]),
        Line("sync --quiet=0", .sync, ["quiet=0"]),
        Line("sync --quiet archive", .sync, ["quiet=1"], "archive"),
        Line("sync -- --archive", .sync, [], "--archive"),
        Line("-- sync archive", .sync, [], "archive"),
        Line("sync --retries -1", .sync, ["retries=-1"]),
        Line("sync --user-id=-x", .sync, ["user-id=-x"]),
        Line("sync --retries 1 --retries 2", .sync, ["retries=1", "retries=2"]),
        Line("sync -", .sync, [], "-"),
        Line("help sync", .help, [], "sync"),
        Line("--version", nil, ["version=1"]),
        Line("sync --bogus --help", .sync, ["help=1"]),
        Line("bogus -h", nil, ["help=1"]),
    ])
    func `a line is sorted into command, options and operand`(line: Line) throws {
        let words = line.words.split(separator: " ").map(String.init)
        let raw = try RawInvocation(arguments: words)
        #expect(raw.command == line.command)
        #expect(raw.options.map { "\($0.spec.name)=\($0.text)" } == line.options)
        #expect(raw.operand == line.operand)
    }

    @Test func `wrong lines are explained`() throws {
        let lines = [
            "snyc", "/srv/calls", "frobnicate", "sync --concurency 4", "sync --conc 4",
            "sync --frobnicate", "sync -x", "sync a b", "sync --user-id", "sync --user-id --quiet",
            "sync --user-id=", "sync --concurrency=", "list --dry-run", "--concurrency 4 list",
            "sync --secret=hunter2", "sync --token hunter2", "sync -phunter2",
            "sync --help=maybe", "help --completions tcsh", "help bogus", "sync --Quiet",
            "sync --user_id u", "version", "export --all", "calls sync", "/srv/calls status --json",
        ]
        var page = ""
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            page += "$ callarchive \(line.replacing("hunter2", with: "…"))\n"
            page += complaint(words) + "\n"
        }
        #expect(!page.contains("hunter2"))
        try expectSnapshot(page, "usage-errors.txt")
    }

    @Test func `an argument is never shown as it is`() {
        let text = complaint(["sync\u{1b}[31m\u{202e}\u{7}\u{9b}"])
        #expect(text.hasPrefix(#"error: unknown command 'sync\x1b[31m\u{202e}\x07\x9b'"#))
    }

    @Test func `an empty ARCHIVE is an error, as from an unset shell variable`() {
        #expect(complaint(["sync", ""]).hasPrefix("error: invalid ARCHIVE: the path is empty"))
    }
}
