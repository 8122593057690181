import CallArchive

extension RawInvocation {
    /// `later` are the words behind it: one of them may be the command.
    static func unknown(command word: String, later: [String]) -> ArchiveError {
        let names = Command.allCases.map(\.rawValue)
        let near = Spelling.nearest(to: word, among: names)
        // Options work as commands in some programs, and the other way round.
        let flag = word == "version" ? "--version" : nil
        let misplaced =
            later.first(where: names.contains) ?? (word.contains("/") ? "sync" : nil)
        return ArchiveError(
            .usage, "unknown command \(quoted(word))",
            why: "the commands are \(names.joined(separator: ", "))",
            hint: (flag ?? near).map { "did you mean callarchive \($0)?" }
                ?? misplaced.map {
                    "a command stands before ARCHIVE: callarchive \($0) \(shellWord(word))"
                } ?? "callarchive help tells what each does")
    }

    /// `flag` is the option without its value, which is never repeated: it may be a secret.
    static func unknown(option flag: String, command: Command?) -> ArchiveError {
        let what = "unknown option \(quoted(flag))"
        let name = String(flag.drop { $0 == "-" }).lowercased()
        let secrets = ["token", "secret", "password", "api-token", "api-secret", "credentials"]
        if secrets.contains(name) {
            return ArchiveError(
                .usage, what,
                why: "no option takes a secret, because other users could see it",
                hint: "set CALLARCHIVE_TOKEN and CALLARCHIVE_SECRET, or use --credentials-file")
        }
        let candidates = (command.map(OptionTable.options(of:)) ?? OptionTable.all)
            .filter { !$0.hidden }
        let page = "callarchive \(command.map { $0.rawValue + " " } ?? "")--help"
        let near = Spelling.nearest(to: name, among: candidates.map(\.name))
        let place = command.map { "\($0.rawValue) has no such option" } ?? "there is no such option"
        return ArchiveError(
            .usage, what, why: place,
            hint: near.map { "did you mean --\($0)?" } ?? "\(page) lists the options")
    }

    static func misplaced(_ option: TypedOption, command: Command) -> ArchiveError {
        let owners = Wording.list(option.spec.commands.map(\.rawValue))
        return ArchiveError(
            .usage, "\(option.flag) does not go with \(command.rawValue)",
            why: "it is an option of \(owners)",
            hint: "callarchive \(command.rawValue) --help lists the options")
    }
}
