/// The help pages, made from the command and option tables.
package enum HelpPage {
    private static let width = 80
    /// Where an option's text begins.
    private static let column = 31

    /// `callarchive --help`.
    package static func program() -> String {
        var page = """
            callarchive keeps a complete, verified archive of an account's call recordings.

            Usage: callarchive <command> [options] [ARCHIVE]

            Commands:

            """
        for command in Command.allCases {
            page += entry(command.rawValue, command.spec.summary, indent: 2, column: 12)
        }
        page += "\nOptions of every command:\n"
        for option in OptionTable.all where option.isGlobal && !option.hidden {
            page += row(option, isLong: false)
        }
        page += "\n" + archiveNote + "\n"
        page += "callarchive help COMMAND shows a command's options and what they mean.\n"
        return page
    }

    /// `callarchive`, alone.
    package static func hint() -> String {
        var page = "Usage: callarchive <command> [options] [ARCHIVE]\n\n"
        for command in Command.allCases {
            page += entry(command.rawValue, command.spec.summary, indent: 2, column: 12)
        }
        return page + "\ncallarchive --help tells more.\n"
    }

    /// A command's page; `isLong` adds what each option's one line leaves out.
    package static func command(_ command: Command, isLong: Bool) -> String {
        let spec = command.spec
        var page = "\(spec.summary)\n\n"
        page += "Usage: callarchive \(spec.name) [options] [\(spec.operand.placeholder)]\n"
        if isLong {
            for paragraph in spec.details { page += "\n" + wrap(paragraph, indent: 0) }
            if spec.operand == .archive { page += "\n" + archiveNote }
        }
        // What goes with every command says nothing on help's own page.
        let options = OptionTable.options(of: command).filter { option in
            !option.hidden && !(command == .help && option.isGlobal)
        }
        for section in OptionSpec.Section.allCases {
            let rows = options.filter { $0.section == section }
            guard !rows.isEmpty else { continue }
            page += "\n\(section.rawValue):\n"
            for option in rows { page += row(option, isLong: isLong) }
        }
        if isLong, spec.operand == .archive {
            page += "\nUnits:\n" + wrap(units, indent: 2)
            page += "\nEnvironment and configuration:\n" + wrap(precedence, indent: 2)
            if options.contains(where: { $0.name == "credentials-file" }) {
                page += "\nCredentials, the first place that has them:\n"
                for place in credentialPlaces { page += "  " + place + "\n" }
            }
            page += "\nExit status:\n"
            for status in ExitStatus.all(of: command) {
                page += entry("\(status.code)", status.meaning, indent: 2, column: 7)
            }
        } else if !isLong {
            page += "\ncallarchive help \(spec.name) tells more.\n"
        }
        return page
    }

    static let archiveNote = wrap(
        """
        ARCHIVE is the archive's folder; when it is not given, $\(OptionResolver.archiveVariable), \
        else \(OptionResolver.defaultArchive).
        """, indent: 0)

    static let units = """
        BYTES are plain or 64K, 10M, 2G (powers of 1024). A TIME is 90s, 15m, 2h, 1d or 1h30m. A \
        RATE is 20/s or 60/m. A DATE is 2013-02-08, or with a time 2013-02-08T13:15:47Z (ISO 8601).
        """

    static let precedence = """
        An option --page-size can also be set as CALLARCHIVE_PAGE_SIZE in the environment, or as \
        "page-size" in the --config file; the command line goes before the environment, and that \
        before the file. Options without a value take 1 or 0 there, and can be taken back with \
        --quiet=0.
        """

    static let credentialPlaces = [
        "CALLARCHIVE_TOKEN and CALLARCHIVE_SECRET",
        "BANDWIDTH_API_TOKEN and BANDWIDTH_API_SECRET",
        "--credentials-file FILE",
        "$CREDENTIALS_DIRECTORY/callarchive, as systemd's LoadCredential gives it",
        "$NETRC, else ~/.netrc: login and password of the API's host",
    ]

    private static func row(_ option: OptionSpec, isLong: Bool) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        let value = option.value.placeholder
        var help = option.help
        if isLong { help += "." + (option.details.isEmpty ? "" : " " + option.details) }
        if let text = option.defaultText { help += " [\(text)]" }
        return entry(
            short + option.flag + (value.isEmpty ? "" : " " + value), help, indent: 2,
            column: column)
    }

    /// A term with its text beside it, or below when the term is too long.
    private static func entry(
        _ term: String, _ text: String, indent: Int, column: Int
    ) -> String {
        let head = String(repeating: " ", count: indent) + term
        let body = wrap(text, indent: column)
        if head.count + 2 > column { return head + "\n" + body }
        return head + body.dropFirst(head.count)
    }

    /// Lines of at most `width` columns, each ending in a line feed.
    static func wrap(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var page = ""
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                page += margin + line + "\n"
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return page + margin + line + "\n"
    }
}
