import CallArchive

/// What newly archived recordings are handed to.
extension OptionTable {
    static let handover: [OptionSpec] = [
        OptionSpec(
            "exec", .value(.file, "PROGRAM", into: \.sync.handover.program),
            commands: [.sync, .doctor],
            section: .handover,
            help: "Run this program for each newly archived recording",
            details: """
                PROGRAM FILE, without a shell; FILE is the recording's absolute path, and the \
                manifest's entry is on standard input as one line of JSON. Its standard output is \
                discarded; the last lines of its standard error are logged when it fails. It is run \
                after the file is durable, beside the downloads, with an environment without \
                credentials. Exit status 0 means that it took the recording; else it is run again by \
                the next sync, and this one ends with status 3. A killed run may offer a recording \
                twice. doctor doesn't run it; it looks whether that could be done.
                """),
        OptionSpec(
            "exec-jobs", .value(.integer(1...64), into: \.sync.handover.jobs), default: "2",
            commands: [.sync], section: .handover,
            help: "Processes of that program at once, 1 to 64"),
        OptionSpec(
            "exec-timeout",
            .value(.duration(atLeast: .seconds(1)), into: \.sync.handover.timeout),
            default: "10m", commands: [.sync], section: .handover,
            help: "Stop a process of that program that takes longer",
            details: """
                Its process group gets TERM, and KILL 5 seconds later; that counts as a failure.
                """),
    ]
}
