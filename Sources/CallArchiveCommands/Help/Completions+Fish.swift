extension Completions {
    static func fish() -> String {
        var script = """
            # fish completion for callarchive
            complete -c callarchive -f

            """
        let none = "not __fish_seen_subcommand_from \(commandNames)"
        for command in Command.allCases {
            script +=
                "complete -c callarchive -n '\(none)' -a \(command.rawValue)"
                + " -d \(quote(command.spec.summary))\n"
        }
        for option in OptionTable.all where !option.hidden {
            var line = "complete -c callarchive"
            if !option.isGlobal {
                let owners = option.commands.map(\.rawValue).joined(separator: " ")
                line += " -n '__fish_seen_subcommand_from \(owners)'"
            }
            line += " -l \(option.name)"
            if let short = option.short { line += " -s \(short)" }
            switch option.value.shape {
            case .flag: break
            case .choice(let choices): line += " -x -a '\(choices.joined(separator: " "))'"
            case .file: line += " -r -F"
            case .text: line += " -x"
            }
            script += line + " -d \(quote(option.help))\n"
        }
        for command in Command.allCases {
            let seen = "__fish_seen_subcommand_from \(command.rawValue)"
            switch command.spec.operand {
            case .archive:
                script +=
                    "complete -c callarchive -n '\(seen)' -a '(__fish_complete_directories)'\n"
            case .command:
                script += "complete -c callarchive -n '\(seen)' -a '\(commandNames)'\n"
            }
        }
        return script
    }

    private static func quote(_ text: String) -> String {
        var word = "'"
        for character in text {
            word += character == "'" || character == "\\" ? "\\\(character)" : String(character)
        }
        return word + "'"
    }
}
