/// The options of the commands that work without the provider.
extension OptionTable {
    static let export: [OptionSpec] = [
        OptionSpec(
            "status", .elements(.statuses, of: \.statuses), commands: [.export],
            section: .selection, repeatable: true,
            help: "Print only entries with this status; may be repeated",
            details: "More than one can stand between commas."),
        OptionSpec(
            "after", .value(.integer(0...Int.max), into: \.after), commands: [.export],
            section: .selection,
            help: "Print only what was archived after this sequence number",
            details: "In order of sequence; 0 gives all archived recordings."),
        OptionSpec(
            "format", .value(.choice("FORMAT"), into: \.exportFormat), default: "ndjson",
            commands: [.export], section: .output,
            help: "Print ndjson, json (one array) or csv",
            details: "csv is by RFC 4180, with the members' names as its header."),
    ]

    static let verification: [OptionSpec] = [
        OptionSpec(
            "sample", .value(.share, into: \.sample), commands: [.verify],
            section: .verification,
            help: "Look at this share of the files only, as 5%",
            details: """
                Those that were not looked at for the longest time. A share of 5% every night \
                comes round in 20 nights; each round ends with the transcriptions and the search \
                for unknown files.
                """),
        OptionSpec(
            "repair", .flag(\.repair), commands: [.verify], section: .verification,
            help: "Have what is damaged fetched again",
            details: """
                Sets the recordings back to pending and moves their files to .callarchive/damaged; \
                the next sync fetches them, as long as the provider has them. The exit status is 8 \
                all the same.
                """),
    ]

    static let risk: [OptionSpec] = [
        OptionSpec(
            "retention-days", .value(.integer(1...3650), into: \.retentionDays), default: "30",
            commands: [.sync, .status, .report], section: .risk,
            help: "Days after which the provider deletes a recording"),
        OptionSpec(
            "at-risk-days", .value(.integer(0...3650), into: \.atRiskDays), default: "7",
            commands: [.sync, .status, .report], section: .risk,
            help: "Days before that from which a recording is at risk",
            details: "Being at risk doesn't change the exit status of sync."),
        OptionSpec(
            "fail-at-risk", .flag(\.failAtRisk), commands: [.status], section: .risk,
            help: "End with status 3 when a recording is at risk",
            details: "At risk is what is not archived and will soon be deleted by the provider."),
    ]
}
