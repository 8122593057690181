import CallArchive

extension OptionTable {
    private static let listing: [Command] = [.sync, .list]
    private static let asking = listing + [.doctor]

    static let account: [OptionSpec] = [
        OptionSpec(
            "user-id",
            .value(.text("ID", expected: "the account's id, as u-abc123"), into: \.sync.account),
            commands: [.sync, .list, .rebuild, .doctor],
            section: .account, otherVariables: ["BANDWIDTH_USER_ID"],
            help: "The account's user id at the provider, as u-abc123",
            details: """
                An archive belongs to one account; another one is refused. For rebuild it is needed \
                only when there is no manifest.
                """),
        OptionSpec(
            "credentials-file", .value(.file, into: \.credentialsFile), commands: asking,
            section: .account,
            help: "Read API token and secret from this file",
            details: """
                JSON as {"token": "…", "secret": "…"}; refused when group or others can read it. Used \
                when neither CALLARCHIVE_TOKEN and CALLARCHIVE_SECRET nor BANDWIDTH_API_TOKEN and \
                BANDWIDTH_API_SECRET are set.
                """),
        OptionSpec(
            "base-url", .value(.baseURL, into: \.baseURL), default: BaseURL.standard.text,
            commands: asking, section: .account,
            help: "Address of the provider's API",
            details: "Credentials are sent to this scheme, host and port only."),
    ]

    static let selection: [OptionSpec] = [
        OptionSpec(
            "since", .value(.moment, into: \.sync.since),
            commands: [.sync, .list, .export, .report], section: .selection,
            help: "Take only recordings that started at this time or later",
            details:
                "A date is its midnight in UTC. Recordings without a start time are always taken."),
        OptionSpec(
            "until", .value(.moment, into: \.sync.until),
            commands: [.sync, .list, .export, .report], section: .selection,
            help: "Take only recordings that started before this time",
            details: "A date is its midnight in UTC, so that day is not taken."),
        OptionSpec(
            "retry-gone", .flag(\.sync.retryGone), commands: listing, section: .selection,
            help: "Try again what the provider said is gone"),
        OptionSpec(
            "with-calls", .flag(\.sync.withCalls), commands: [.sync], section: .selection,
            help: "Note who called whom, from the provider's list of calls",
            details: """
                From, to, direction, start and end of each recording's call, as callDetails in the \
                manifest. Trouble with it is a warning and changes no exit status.
                """),
        OptionSpec(
            "with-transcriptions", .flag(\.sync.withTranscriptions), commands: [.sync],
            section: .selection,
            help: "Keep the provider's transcriptions as .txt beside the recordings",
            details: """
                One request for each new recording, at a pace of its own. None is ordered, only those \
                that are there are fetched. Trouble with it is a warning and changes no exit status.
                """),
        OptionSpec(
            "dry-run", .flag(\.dryRun), commands: [.sync], section: .selection,
            help: "Show what would be done, as list does; write nothing"),
    ]

    static let limits: [OptionSpec] = [
        OptionSpec(
            "max-files", .value(.integer(1...Int.max), into: \.sync.maxFiles), commands: [.sync],
            section: .limits,
            help: "Stop after this many recordings",
            details: "Work that remains gives exit status 9."),
        OptionSpec(
            "max-duration", .value(.duration(atLeast: .seconds(1)), into: \.sync.maxDuration),
            commands: [.sync, .verify], section: .limits,
            help: "Start nothing new after this time",
            details: "What runs is finished. Work that remains gives exit status 9."),
        OptionSpec(
            "min-free", .value(.size(atLeast: 0), into: \.sync.minFree), default: "256M",
            commands: [.sync, .doctor], section: .limits,
            help: "Leave this much free on the archive's file system",
            details: "The run ends with exit status 6 before less is left."),
        OptionSpec(
            "lock-wait", .value(.duration(atLeast: .zero), into: \.sync.lockWait), default: "0",
            commands: [.sync, .verify, .rebuild], section: .limits,
            help: "Wait this long for another run on the same archive",
            details: "When it still runs after that, the exit status is 7."),
    ]

    static let network: [OptionSpec] = [
        OptionSpec(
            "concurrency", .value(.integer(1...256), into: \.sync.concurrency), default: "16",
            commands: [.sync], section: .network,
            help: "Downloads at once, 1 to 256",
            details: "How many requests start a second is another matter: see --request-rate."),
        OptionSpec(
            "page-size", .value(.integer(1...1000), into: \.sync.pageSize), default: "1000",
            commands: listing, section: .network,
            help: "Recordings asked for with one request, 1 to 1000"),
        OptionSpec(
            "request-rate", .value(.requestRate, into: \.sync.requestRate), default: "auto",
            commands: listing, section: .network,
            help: "Requests per time to each kind of address, as 20/s",
            details: """
                auto learns what the provider grants. none never holds back by itself. A refusal of \
                the provider (429) is obeyed in any case.
                """),
        OptionSpec(
            "limit-rate", .value(.size(atLeast: 1), into: \.sync.limitRate), commands: [.sync],
            section: .network,
            help: "Bytes per second of all downloads together"),
        OptionSpec(
            "retries", .value(.integer(0...1000), into: \.sync.retries), default: "5",
            commands: listing, section: .network,
            help: "Attempts after a first failed one, for each recording and page",
            details: "An attempt that brought new bytes is not counted, nor is a refusal (429)."),
        OptionSpec(
            "stall-timeout", .value(.duration(atLeast: .seconds(1)), into: \.sync.stallTimeout),
            default: "30s", commands: asking, section: .network,
            help: "Give up a transfer whose bytes have not moved for this long",
            details: "There is no limit on how long a whole download takes."),
        OptionSpec(
            "connect-timeout",
            .value(.duration(atLeast: .seconds(1)), into: \.sync.connectTimeout),
            default: "30s", commands: asking, section: .network,
            help: "Give up a connection that is not made within this time"),
        OptionSpec(
            "media-host", .element(.mediaHost, of: \.sync.mediaHosts), commands: listing,
            section: .network, repeatable: true,
            help: "Take media from this host too, without credentials; may be repeated",
            details: """
                Media addresses and redirects on any other host than the API's are refused \
                otherwise. In the environment, hosts are separated by commas.
                """),
        OptionSpec(
            "cacert", .value(.file, into: \.sync.caFile), commands: asking, section: .network,
            help: "Trust the certificates in this PEM file in place of the system's"),
    ]
}
