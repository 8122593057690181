#compdef callarchive
# zsh completion for callarchive

_callarchive() {
    local curcontext=$curcontext state line
    typeset -A opt_args
    local -a commands
    commands=(
        'sync:Archive every complete recording that is not archived yet.'
        'list:Show what the provider has now, and what a sync would do with each.'
        'status:Show what the archive holds, what is missing and what is at risk.'
        'verify:Read all archived files again and compare their checksums.'
        'export:Print the manifest'\''s entries as ndjson, json or csv.'
        'report:Write a page that shows, searches and plays what is archived.'
        'rebuild:Make the catalog anew from manifest, checksums and files.'
        'doctor:Check what a sync needs, and say how to mend what is amiss.'
        'help:Show help for the program or a command.'
    )
    local command=${words[(r)(sync|list|status|verify|export|report|rebuild|doctor|help)]}
    case $command in
        sync)
            _arguments -s -S \
                '--user-id=[The account'\''s user id at the provider, as u-abc123]:ID: ' \
                '--credentials-file=[Read API token and secret from this file]:FILE:_files' \
                '--base-url=[Address of the provider'\''s API]:URL: ' \
                '--all[Take all archives of the --config file, one after the other]' \
                '*--only=[Take this archive of the --config file; may be repeated]:NAME: ' \
                '--since=[Take only recordings that started at this time or later]:DATE: ' \
                '--until=[Take only recordings that started before this time]:DATE: ' \
                '--retry-gone[Try again what the provider said is gone]' \
                '--with-calls[Note who called whom, from the provider'\''s list of calls]' \
                '--with-transcriptions[Keep the provider'\''s transcriptions as .txt beside the recordings]' \
                '--dry-run[Show what would be done, as list does; write nothing]' \
                '--retention-days=[Days after which the provider deletes a recording]:N: ' \
                '--at-risk-days=[Days before that from which a recording is at risk]:N: ' \
                '--max-files=[Stop after this many recordings]:N: ' \
                '--max-duration=[Start nothing new after this time]:TIME: ' \
                '--min-free=[Leave this much free on the archive'\''s file system]:BYTES: ' \
                '--lock-wait=[Wait this long for another run on the same archive]:TIME: ' \
                '--concurrency=[Downloads at once, 1 to 256]:N: ' \
                '--page-size=[Recordings asked for with one request, 1 to 1000]:N: ' \
                '--request-rate=[Requests per time to each kind of address, as 20/s]:RATE: ' \
                '--limit-rate=[Bytes per second of all downloads together]:BYTES: ' \
                '--retries=[Attempts after a first failed one, for each recording and page]:N: ' \
                '--stall-timeout=[Give up a transfer whose bytes have not moved for this long]:TIME: ' \
                '--connect-timeout=[Give up a connection that is not made within this time]:TIME: ' \
                '*--media-host=[Take media from this host too, without credentials; may be repeated]:HOSTPORT: ' \
                '--cacert=[Trust the certificates in this PEM file in place of the system'\''s]:FILE:_files' \
                '--exec=[Run this program for each newly archived recording]:PROGRAM:_files' \
                '--exec-jobs=[Processes of that program at once, 1 to 64]:N: ' \
                '--exec-timeout=[Stop a process of that program that takes longer]:TIME: ' \
                '--metrics-file=[Write Prometheus metrics to this file at the end]:FILE:_files' \
                '--ping-url=[Announce start, success and failure to this address]:URL: ' \
                '--json[Print JSON on standard output, one object a line]' \
                '--progress=[Show a progress line\: auto, always or never]:WHEN:(auto always never)' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        list)
            _arguments -s -S \
                '--user-id=[The account'\''s user id at the provider, as u-abc123]:ID: ' \
                '--credentials-file=[Read API token and secret from this file]:FILE:_files' \
                '--base-url=[Address of the provider'\''s API]:URL: ' \
                '--since=[Take only recordings that started at this time or later]:DATE: ' \
                '--until=[Take only recordings that started before this time]:DATE: ' \
                '--retry-gone[Try again what the provider said is gone]' \
                '--page-size=[Recordings asked for with one request, 1 to 1000]:N: ' \
                '--request-rate=[Requests per time to each kind of address, as 20/s]:RATE: ' \
                '--retries=[Attempts after a first failed one, for each recording and page]:N: ' \
                '--stall-timeout=[Give up a transfer whose bytes have not moved for this long]:TIME: ' \
                '--connect-timeout=[Give up a connection that is not made within this time]:TIME: ' \
                '*--media-host=[Take media from this host too, without credentials; may be repeated]:HOSTPORT: ' \
                '--cacert=[Trust the certificates in this PEM file in place of the system'\''s]:FILE:_files' \
                '--json[Print JSON on standard output, one object a line]' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        status)
            _arguments -s -S \
                '--all[Take all archives of the --config file, one after the other]' \
                '*--only=[Take this archive of the --config file; may be repeated]:NAME: ' \
                '--retention-days=[Days after which the provider deletes a recording]:N: ' \
                '--at-risk-days=[Days before that from which a recording is at risk]:N: ' \
                '--fail-at-risk[End with status 3 when a recording is at risk]' \
                '--json[Print JSON on standard output, one object a line]' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        verify)
            _arguments -s -S \
                '--all[Take all archives of the --config file, one after the other]' \
                '*--only=[Take this archive of the --config file; may be repeated]:NAME: ' \
                '--sample=[Look at this share of the files only, as 5%]:PERCENT: ' \
                '--repair[Have what is damaged fetched again]' \
                '--max-duration=[Start nothing new after this time]:TIME: ' \
                '--lock-wait=[Wait this long for another run on the same archive]:TIME: ' \
                '--json[Print JSON on standard output, one object a line]' \
                '--progress=[Show a progress line\: auto, always or never]:WHEN:(auto always never)' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        export)
            _arguments -s -S \
                '--since=[Take only recordings that started at this time or later]:DATE: ' \
                '--until=[Take only recordings that started before this time]:DATE: ' \
                '*--status=[Print only entries with this status; may be repeated]:STATUS:(archived pending waiting unavailable gone failed)' \
                '--after=[Print only what was archived after this sequence number]:N: ' \
                '--format=[Print ndjson, json (one array) or csv]:FORMAT:(ndjson json csv)' \
                '--json[Print JSON on standard output, one object a line]' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        report)
            _arguments -s -S \
                '--since=[Take only recordings that started at this time or later]:DATE: ' \
                '--until=[Take only recordings that started before this time]:DATE: ' \
                '--retention-days=[Days after which the provider deletes a recording]:N: ' \
                '--at-risk-days=[Days before that from which a recording is at risk]:N: ' \
                '--output=[Write the page there instead of ARCHIVE/report.html]:FILE:_files' '-o[Write the page there instead of ARCHIVE/report.html]:FILE:_files' \
                '--waveforms=[Draw the newest N recordings'\'' waveforms; N may be all or none]:N: ' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        rebuild)
            _arguments -s -S \
                '--user-id=[The account'\''s user id at the provider, as u-abc123]:ID: ' \
                '--lock-wait=[Wait this long for another run on the same archive]:TIME: ' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        doctor)
            _arguments -s -S \
                '--user-id=[The account'\''s user id at the provider, as u-abc123]:ID: ' \
                '--credentials-file=[Read API token and secret from this file]:FILE:_files' \
                '--base-url=[Address of the provider'\''s API]:URL: ' \
                '--all[Take all archives of the --config file, one after the other]' \
                '*--only=[Take this archive of the --config file; may be repeated]:NAME: ' \
                '--min-free=[Leave this much free on the archive'\''s file system]:BYTES: ' \
                '--stall-timeout=[Give up a transfer whose bytes have not moved for this long]:TIME: ' \
                '--connect-timeout=[Give up a connection that is not made within this time]:TIME: ' \
                '--cacert=[Trust the certificates in this PEM file in place of the system'\''s]:FILE:_files' \
                '--exec=[Run this program for each newly archived recording]:PROGRAM:_files' \
                '--metrics-file=[Write Prometheus metrics to this file at the end]:FILE:_files' \
                '--json[Print JSON on standard output, one object a line]' \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2:archive:_files -/'
            ;;
        help)
            _arguments -s -S \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--completions=[Print completions for bash, zsh or fish]:SHELL:(bash zsh fish)' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
                '1: :->command' \
                '2: :->command'
            ;;
        *)
            _arguments -s -S \
                '--log-format=[Write the log on standard error as text or json]:FORMAT:(text json)' \
                '--quiet[Print errors only; nothing when all went well]' '-q[Print errors only; nothing when all went well]' \
                '--verbose[Print each step, with retries and waits]' '-v[Print each step, with retries and waits]' \
                '--config=[Read options from a JSON5 file]:FILE:_files' \
                '--help[Show help; -h shows it short]' '-h[Show help; -h shows it short]' \
                '--version[Show the version]' '-V[Show the version]' \
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
