# bash completion for callarchive
_callarchive() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local command='' word index
    COMPREPLY=()
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        case $word in
            sync|list|status|verify|export|report|rebuild|doctor|help)
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
        --status)
            mapfile -t COMPREPLY < <(compgen -W 'archived pending waiting unavailable gone failed' -- "$current")
            return
            ;;
        --format)
            mapfile -t COMPREPLY < <(compgen -W 'ndjson json csv' -- "$current")
            return
            ;;
        --progress)
            mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current")
            return
            ;;
        --log-format)
            mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$current")
            return
            ;;
        --completions)
            mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- "$current")
            return
            ;;
        --credentials-file|--output|--cacert|--exec|--metrics-file|--config)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return
            ;;
        --user-id|--base-url|--only|--since|--until|--after|--sample|--retention-days|--at-risk-days|--waveforms|--max-files|--max-duration|--min-free|--lock-wait|--concurrency|--page-size|--request-rate|--limit-rate|--retries|--stall-timeout|--connect-timeout|--media-host|--exec-jobs|--exec-timeout|--ping-url)
            return
            ;;
    esac
    if [[ $current == -* ]]; then
        local options
        case $command in
            sync) options='--user-id --credentials-file --base-url --all --only --since --until --retry-gone --with-calls --with-transcriptions --dry-run --retention-days --at-risk-days --max-files --max-duration --min-free --lock-wait --concurrency --page-size --request-rate --limit-rate --retries --stall-timeout --connect-timeout --media-host --cacert --exec --exec-jobs --exec-timeout --metrics-file --ping-url --json --progress --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            list) options='--user-id --credentials-file --base-url --since --until --retry-gone --page-size --request-rate --retries --stall-timeout --connect-timeout --media-host --cacert --json --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            status) options='--all --only --retention-days --at-risk-days --fail-at-risk --json --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            verify) options='--all --only --sample --repair --max-duration --lock-wait --json --progress --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            export) options='--since --until --status --after --format --json --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            report) options='--since --until --retention-days --at-risk-days --output -o --waveforms --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            rebuild) options='--user-id --lock-wait --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            doctor) options='--user-id --credentials-file --base-url --all --only --min-free --stall-timeout --connect-timeout --cacert --exec --metrics-file --json --log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
            help) options='--log-format --quiet -q --verbose -v --config --completions --help -h --version -V' ;;
            *) options='--log-format --quiet -q --verbose -v --config --help -h --version -V' ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [[ -z $command || $command == help ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'sync list status verify export report rebuild doctor help' -- "$current")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    fi
}
complete -F _callarchive callarchive
