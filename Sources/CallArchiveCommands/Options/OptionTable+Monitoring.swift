import CallArchive

/// How others are told how a sync went.
extension OptionTable {
    static let monitoring: [OptionSpec] = [
        OptionSpec(
            "metrics-file", .value(.file, into: \.metricsFile), commands: [.sync, .doctor],
            section: .monitoring,
            help: "Write Prometheus metrics to this file at the end",
            details: """
                For the node exporter's textfile collector, so its name ends in .prom there. It is \
                replaced as a whole, also when the run failed or was interrupted. One file for each \
                archive. doctor looks whether it can be written.
                """),
        OptionSpec(
            "ping-url", .value(.pingAddress, into: \.pingAddress), commands: [.sync],
            section: .monitoring,
            help: "Announce start, success and failure to this address",
            details: """
                By the convention of healthchecks: POST to URL/start, then to URL for exit status 0, \
                else to URL/fail, with exit status and summary as body and without credentials. A \
                ping that fails is a warning. When the address is to stay secret, set \
                CALLARCHIVE_PING_URL: arguments can be read by other users.
                """),
    ]
}
