import CallArchive

/// The manual page callarchive(1) in roff, made from the tables.
package enum ManPage {
    package static func render() -> String {
        let (day, program) = (CallArchiveVersion.day, text(CallArchiveVersion.generator))
        var page = """
            .TH CALLARCHIVE 1 \(day) "\(program)" "User Commands"
            .SH NAME
            callarchive \\- keep a complete, verified archive of call recordings
            .SH SYNOPSIS
            .B callarchive
            .I command
            .RI [ options ]
            .RI [ ARCHIVE ]
            .SH DESCRIPTION

            """
        page += lines(
            """
            callarchive keeps an archive of an account's call recordings: it lists them at the \
            provider, downloads the complete ones, checks each one's bytes, and keeps them as .wav \
            files with a JSON manifest and checksums. It is made to run every night.
            """)
        page += ".PP\n" + lines(HelpPage.archiveNote)
        page += ".SH COMMANDS\n"
        for command in Command.allCases { page += section(command) }
        page += ".SH UNITS\n" + lines(HelpPage.units)
        page += ".SH ENVIRONMENT\n" + lines(HelpPage.precedence)
        for option in OptionTable.all where !option.hidden {
            guard let variable = option.variable else { continue }
            page += tagged(
                ([variable] + option.otherVariables).joined(separator: ", "),
                "As \(option.flag).")
        }
        page += tagged(OptionResolver.archiveVariable, "As ARCHIVE.")
        page += ".SH CREDENTIALS\nTaken from the first of these places that has them:\n"
        for place in HelpPage.credentialPlaces { page += ".IP \\(bu 2\n" + text(place) + "\n" }
        page += ".PP\n"
        page += lines(
            """
            A file that holds credentials is refused when group or others can open it. No option \
            takes a secret.
            """)
        page += ".SH \"EXIT STATUS\"\n"
        for status in ExitStatus.all { page += tagged("\(status.code)", status.meaning + ".") }
        page += ".SH FILES\n"
        page += tagged("ARCHIVE/recordings/", "The recordings, by day of their start in UTC.")
        page += tagged("ARCHIVE/manifest.json", "All recordings, archived or not.")
        page += tagged("ARCHIVE/SHA256SUMS", "Checksums for sha256sum -c.")
        page += tagged("ARCHIVE/.callarchive/", "Catalog, lock and unfinished downloads.")
        return page
    }

    private static func section(_ command: Command) -> String {
        let spec = command.spec
        var page = ".SS \"callarchive \(spec.name) [options] [\(spec.operand.placeholder)]\"\n"
        page += lines(spec.summary)
        for paragraph in spec.details { page += ".PP\n" + lines(paragraph) }
        for option in OptionTable.options(of: command) where !option.hidden {
            // The global ones are told once, with the first command.
            if option.isGlobal, command != Command.allCases.first { continue }
            page += ".TP\n" + term(option) + "\n"
            var help = option.help + "."
            if let text = option.defaultText { help += " Default: \(text)." }
            if !option.details.isEmpty { help += " " + option.details }
            page += lines(help)
        }
        return page
    }

    private static func term(_ option: OptionSpec) -> String {
        let short = option.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
        let value = option.value.placeholder
        return short + "\\fB\(text(option.flag))\\fR"
            + (value.isEmpty ? "" : " \\fI\(text(value))\\fR")
    }

    private static func tagged(_ term: String, _ body: String) -> String {
        ".TP\n.B \(text(term))\n" + lines(body)
    }

    /// Running text; ends in a line feed.
    private static func lines(_ body: String) -> String {
        let escaped = text(body)
        // A point or quote at the start of a line would be a request.
        let isRequest = escaped.hasPrefix(".") || escaped.hasPrefix("'")
        return (isRequest ? "\\&" : "") + escaped + (escaped.hasSuffix("\n") ? "" : "\n")
    }

    /// Text with roff's own characters escaped.
    private static func text(_ body: String) -> String {
        var result = ""
        for character in body {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "…": result += "..."
            default: result.append(character)
            }
        }
        return result
    }
}
