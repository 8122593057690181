package import CallArchive

/// The choice among the archives of the configuration file.
extension OptionResolver {
    /// The options of each archive that `--all` or `--only` chose, in the file's order.
    ///
    /// All are resolved before any is touched, so that a slip in the last one shows at once.
    package func resolveArchives(_ options: Options) throws(ArchiveError) -> [Options] {
        let flag = options.all ? "--all" : "--only"
        func fail(_ what: String, _ why: String, hint: String?) -> ArchiveError {
            ArchiveError(.usage, what, why: why, hint: hint)
        }
        if options.all, !options.only.isEmpty {
            throw fail(
                "--all and --only do not go together", "one takes all archives, the other some",
                hint: "leave one of them out")
        }
        if let operand = raw.operand {
            throw fail(
                "ARCHIVE does not go with \(flag)",
                "\(quoted(operand)) is given, and the archives are those of the --config file",
                hint: "leave out one of the two")
        }
        for option in raw.options where ConfigFile.required.contains(option.spec.name) {
            throw fail(
                "\(option.flag) does not go with \(flag)",
                "each archive of the --config file has its own",
                hint: "leave out one of the two")
        }
        guard let config, !config.archives.isEmpty else {
            throw fail(
                "\(flag) finds no archives",
                config.map { "\(quoted($0.path)) has no \"archives\"" }
                    ?? "no --config file is given",
                hint: config == nil
                    ? "name the file that has them with --config FILE, or as CALLARCHIVE_CONFIG"
                    : #"write { "archives": { "name": { "user-id": …, "archive": … } } } to it"#)
        }
        let names = config.archives.map(\.name)
        for name in options.only where !names.contains(name) {
            throw fail(
                "--only finds no archive \(quoted(name))",
                "those of \(quoted(config.path)) are \(names.joined(separator: ", "))",
                hint: Spelling.nearest(to: name, among: names).map { "did you mean \($0)?" })
        }
        var chosen: [Options] = []
        for archive in config.archives where options.all || options.only.contains(archive.name) {
            chosen.append(try choosing(archive).resolve())
        }
        for key in Self.perArchive { try expectDifferent(key, chosen.compactMap(\.archiveName)) }
        return chosen
    }

    /// What one archive's run would overwrite of another's.
    private static let perArchive = ["metrics-file", "ping-url"]

    private func expectDifferent(_ key: String, _ names: [String]) throws(ArchiveError) {
        guard let config, let spec = OptionTable.named(key) else { return }
        var seen: [String: String] = [:]
        for archive in config.archives where names.contains(archive.name) {
            guard let text = choosing(archive).winner(for: spec, row: 0)?.texts.first,
                let first = seen.updateValue(archive.name, forKey: text)
            else { continue }
            throw ArchiveError(
                .usage,
                "the archives \(quoted(first)) and \(quoted(archive.name)) share one \(key)",
                why: "each would overwrite what is told of the other",
                hint: "give each a \"\(key)\" of its own in the --config file")
        }
    }
}
