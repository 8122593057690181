import CallArchive

extension OptionResolver {
    private static let monitoring: Set = [
        "metrics-file", "ping-url", "retention-days", "at-risk-days", "dry-run",
    ]

    /// Whom to tell of a sync whose other options are wrong, one for each archive; none when that
    /// can't be known.
    ///
    /// A configuration file that can't be read is passed over.
    static func monitoring(_ raw: RawInvocation, _ surroundings: Surroundings) -> [Options] {
        guard raw.command == .sync else { return [] }
        let only = raw.options.filter { $0.spec.name == "only" }.map(\.text)
        if raw.has("all") || !only.isEmpty {
            // Those of the file alone: the default archive is none of them.
            guard
                let resolver = try? OptionResolver(raw, command: .sync, surroundings: surroundings)
            else { return [] }
            return (resolver.config?.archives ?? [])
                .filter { only.isEmpty || only.contains($0.name) }
                .compactMap { try? resolver.choosing($0).resolve(only: monitoring) }
        }
        func resolve(_ raw: RawInvocation, _ surroundings: Surroundings) -> Options? {
            do throws(ArchiveError) {
                return try OptionResolver(raw, command: .sync, surroundings: surroundings)
                    .resolve(only: monitoring)
            } catch {
                return nil
            }
        }
        if let options = resolve(raw, surroundings) { return [options] }
        var rest = raw
        rest.options.removeAll { $0.spec.name == "config" }
        var bare = surroundings
        bare.environment["CALLARCHIVE_CONFIG"] = nil
        return resolve(rest, bare).map { [$0] } ?? []
    }
}
