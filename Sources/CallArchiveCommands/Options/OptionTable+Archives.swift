/// The options that choose among the archives of the configuration file.
extension OptionTable {
    private static let several: [Command] = [.sync, .status, .verify, .doctor]

    static let archives: [OptionSpec] = [
        OptionSpec(
            "all", .flag(\.all), commands: several, section: .account, reach: .commandLine,
            help: "Take all archives of the --config file, one after the other",
            details: """
                They stand there under "archives", each with a name, "user-id" and "archive". One \
                that fails doesn't keep the others from their turn; the exit status is the worst.
                """),
        OptionSpec(
            "only",
            .element(
                .text("NAME", expected: "the name of an archive in the --config file"), of: \.only),
            commands: several, section: .account, repeatable: true, reach: .commandLine,
            help: "Take this archive of the --config file; may be repeated"),
    ]
}
