import CallArchive

extension OptionResolver {
    private static let monitoring: Set = [
        "metrics-file", "ping-url", "retention-days", "at-risk-days", "dry-run",
    ]

    /// Whom to tell of a sync whose other options are wrong; nil when that can't be known.
    ///
    /// A configuration file that can't be read is passed over.
    static func monitoring(_ raw: RawInvocation, _ surroundings: Surroundings) -> Options? {
        guard raw.command == .sync else { return nil }
        func resolve(_ raw: RawInvocation, _ surroundings: Surroundings) -> Options? {
            do throws(ArchiveError) {
                return try OptionResolver(raw, command: .sync, surroundings: surroundings)
                    .resolve(only: monitoring)
            } catch {
                return nil
            }
        }
        if let options = resolve(raw, surroundings) { return options }
        var rest = raw
        rest.options.removeAll { $0.spec.name == "config" }
        var bare = surroundings
        bare.environment["CALLARCHIVE_CONFIG"] = nil
        return resolve(rest, bare)
    }
}
