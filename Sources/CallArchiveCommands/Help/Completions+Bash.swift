extension Completions {
    static func bash() -> String {
        var script = """
            # bash completion for callarchive
            _callarchive() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
                local command='' word index
                COMPREPLY=()
                for ((index = 1; index < COMP_CWORD; index++)); do
                    word=${COMP_WORDS[index]}
                    case $word in
                        \(Command.allCases.map(\.rawValue).joined(separator: "|")))
                            command=$word
                            break
                            ;;
                    esac
                done
                # "--option=value" arrives as three words.
                if [[ $current == '=' ]]; then
                    current=
                elif [[ $previous == '=' ]]; then
                    previous=${COMP_WORDS[COMP_CWORD-2]}
                fi
                case $previous in

            """
        let options = OptionTable.all.filter { !$0.hidden }
        for option in options {
            if case .choice(let choices) = option.value.shape {
                script += """
                            \(option.flag))
                                mapfile -t COMPREPLY < <(compgen -W '\(choices.joined(separator: " "))' -- "$current")
                                return
                                ;;

                    """
            }
        }
        let files = options.filter { $0.value.shape == .file }.map(\.flag)
        let texts = options.filter { $0.value.shape == .text }.map(\.flag)
        script += """
                    \(files.joined(separator: "|")))
                        compopt -o filenames
                        mapfile -t COMPREPLY < <(compgen -f -- "$current")
                        return
                        ;;
                    \(texts.joined(separator: "|")))
                        return
                        ;;
                esac
                if [[ $current == -* ]]; then
                    local options
                    case $command in

            """
        for command in Command.allCases {
            let words = visible(command).flatMap(words).joined(separator: " ")
            script += "            \(command.rawValue)) options='\(words)' ;;\n"
        }
        let global = options.filter(\.isGlobal).flatMap(words).joined(separator: " ")
        script += """
                        *) options='\(global)' ;;
                    esac
                    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
                elif [[ -z $command || $command == help ]]; then
                    mapfile -t COMPREPLY < <(compgen -W '\(commandNames)' -- "$current")
                else
                    compopt -o filenames
                    mapfile -t COMPREPLY < <(compgen -d -- "$current")
                fi
            }
            complete -F _callarchive callarchive

            """
        return script
    }
}
