extension Completions {
    static func zsh() -> String {
        var script = """
            #compdef callarchive
            # zsh completion for callarchive

            _callarchive() {
                local curcontext=$curcontext state line
                typeset -A opt_args
                local -a commands
                commands=(

            """
        for command in Command.allCases {
            script += "        \(quote("\(command.rawValue):\(command.spec.summary)"))\n"
        }
        script += """
                )
                local command=${words[(r)(\(Command.allCases.map(\.rawValue).joined(separator: "|")))]}
                case $command in

            """
        for command in Command.allCases {
            script += "        \(command.rawValue))\n            _arguments -s -S \\\n"
            for option in visible(command) {
                script += "                \(spec(option)) \\\n"
            }
            script += "                '1: :->command' \\\n"
            switch command.spec.operand {
            case .archive: script += "                '2:archive:_files -/'\n"
            case .command: script += "                '2: :->command'\n"
            }
            script += "            ;;\n"
        }
        script += """
                    *)
                        _arguments -s -S \\

            """
        for option in OptionTable.all where option.isGlobal && !option.hidden {
            script += "                \(spec(option)) \\\n"
        }
        script += """
                            '1: :->command'
                        ;;
                esac
                if [[ $state == command ]]; then
                    _describe -t commands 'command' commands
                fi
            }

            if [[ ${funcstack[1]} == _callarchive ]]; then
                _callarchive "$@"
            else
                compdef _callarchive callarchive
            fi

            """
        return script
    }

    /// An `_arguments` specification.
    private static func spec(_ option: OptionSpec) -> String {
        let help = option.help
            .split(separator: "", omittingEmptySubsequences: true)
            .map { "[]:\\".contains($0) ? "\\" + $0 : String($0) }
            .joined()
        let action =
            switch option.value.shape {
            case .flag: ""
            case .choice(let choices):
                ":\(option.value.placeholder):(\(choices.joined(separator: " ")))"
            case .file: ":\(option.value.placeholder):_files"
            case .text: ":\(option.value.placeholder.filter { !"[]:".contains($0) }): "
            }
        let equals = option.value.shape == .flag ? "" : "="
        let long = quote("\(option.repeatable ? "*" : "")\(option.flag)\(equals)[\(help)]\(action)")
        guard let short = option.short else { return long }
        return "\(long) \(quote("-\(short)[\(help)]\(action)"))"
    }

    private static func quote(_ text: String) -> String {
        var word = "'"
        for character in text { word += character == "'" ? #"'\''"# : String(character) }
        return word + "'"
    }
}
