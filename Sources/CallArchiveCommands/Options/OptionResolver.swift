package import CallArchive
import Platform

/// From what was typed to what it means: flag, then environment, then configuration, then default.
///
/// What an archive's own section in the file says goes before the environment, whose variables
/// mean no archive in particular.
package struct OptionResolver {
    /// Later ones win.
    enum Layer: Int {
        case configuration, environment, archive, commandLine
    }

    struct Source {
        let layer: Layer
        /// Among those of its layer.
        let position: Int
        let spec: OptionSpec
        let texts: [String]
        /// For messages: `--page-size`, `CALLARCHIVE_PAGE_SIZE`.
        let place: String
    }

    let raw: RawInvocation
    private let command: Command
    private let surroundings: Surroundings
    let config: ConfigFile?
    private var section: ConfigFile.Archive?

    package init(
        _ raw: RawInvocation, command: Command, surroundings: Surroundings
    ) throws(ArchiveError) {
        self.raw = raw
        self.command = command
        self.surroundings = surroundings
        config = try Self.readConfig(raw, surroundings)
    }

    /// The same for one archive of the configuration.
    func choosing(_ archive: ConfigFile.Archive) -> OptionResolver {
        var resolver = self
        resolver.section = archive
        return resolver
    }

    /// All options of the command, the archive's path among them; credentials are still empty.
    ///
    /// With `only`, options of other names are not looked at, and can't be wrong.
    package func resolve(only: Set<String>? = nil) throws(ArchiveError) -> Options {
        let sources = OptionTable.options(of: command).enumerated()
            .filter { only?.contains($1.name) != false }
            .compactMap { winner(for: $1, row: $0) }
            .sorted { ($0.layer.rawValue, $0.position) < ($1.layer.rawValue, $1.position) }
        var options = Options()
        for source in sources {
            for text in source.texts {
                do {
                    try source.spec.value.store(&options, text)
                } catch {
                    throw ArchiveError(
                        .usage, "invalid \(source.place)", why: error.why,
                        hint: error.hint ?? "give \(source.spec.value.expected)")
                }
            }
        }
        options.sync.baseURL = options.baseURL.text
        options.configFile = config?.path
        options.archiveName = section?.name
        options.archiveNames = config?.archives.map(\.name) ?? []
        options.hasOwnCredentialsFile = section?.entries["credentials-file"] != nil
        if command.spec.operand == .archive { options.sync.archive = try archive() }
        if let since = options.sync.since, let until = options.sync.until, since >= until {
            throw ArchiveError(
                .usage, "nothing lies between --since and --until",
                why: "\(since.iso8601) is not before \(until.iso8601)",
                hint: "--until must be later than --since")
        }
        return options
    }

    /// Variables that look like ours and are none: a slip that would otherwise go unseen.
    package func strayVariables() -> [(name: String, meant: String)] {
        let known =
            OptionTable.all.compactMap(\.variable) + CredentialPlaces.ownVariables
            + [Self.archiveVariable]
        return surroundings.environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("CALLARCHIVE_"), !known.contains(name),
                let near = Spelling.nearest(to: name, among: known)
            else { return nil }
            return (name, near)
        }
    }

    package static let archiveVariable = "CALLARCHIVE_ARCHIVE"
    package static let defaultArchive = "./recordings-archive"

    func winner(for spec: OptionSpec, row: Int) -> Source? {
        let typed = raw.options.indices.filter { raw.options[$0].spec.name == spec.name }
        if let last = typed.last {
            let texts =
                spec.repeatable ? typed.map { raw.options[$0].text } : [raw.options[last].text]
            return Source(
                layer: .commandLine, position: last, spec: spec, texts: texts,
                place: raw.options[last].flag)
        }
        if let section, let config, let entry = section.entries[spec.name] {
            return source(spec, .archive, entry, row, config.path)
        }
        for name in [spec.variable].compactMap({ $0 }) + spec.otherVariables {
            guard let text = surroundings.variable(name) else { continue }
            let texts = spec.repeatable ? text.split(separator: ",").map(String.init) : [text]
            return Source(
                layer: .environment, position: row, spec: spec, texts: texts, place: name)
        }
        guard let config, let entry = config.entries[spec.name] else { return nil }
        return source(spec, .configuration, entry, row, config.path)
    }

    private func source(
        _ spec: OptionSpec, _ layer: Layer, _ entry: ConfigFile.Entry, _ row: Int, _ path: String
    ) -> Source {
        Source(
            layer: layer, position: row, spec: spec, texts: entry.texts,
            place: "\"\(spec.name)\" in \(ConfigFile.place(path, line: entry.line))")
    }

    private func archive() throws(ArchiveError) -> String {
        let (path, place): (String, String) =
            if let operand = raw.operand {
                (operand, "ARCHIVE")
            } else if section == nil, let path = surroundings.variable(Self.archiveVariable) {
                (path, Self.archiveVariable)
            } else if let entry = (section?.entries ?? config?.entries)?[ConfigFile.archiveKey],
                let path = entry.texts.first
            {
                (path, "\"archive\" in \(ConfigFile.place(config?.path ?? "", line: entry.line))")
            } else {
                (Self.defaultArchive, "ARCHIVE")
            }
        do throws(ValueProblem) {
            if path == "-" { throw ValueProblem("'-' is not a folder") }
            try checkPath(path)
        } catch {
            throw ArchiveError(
                .usage, "invalid \(place)", why: error.why,
                hint: error.hint ?? "give the path of the archive's folder")
        }
        return path
    }

    private static func readConfig(
        _ raw: RawInvocation, _ surroundings: Surroundings
    ) throws(ArchiveError) -> ConfigFile? {
        let typed = raw.options.last { $0.spec.name == "config" }?.text
        guard let path = typed ?? surroundings.variable("CALLARCHIVE_CONFIG") else { return nil }
        let what = "cannot read the configuration file \(quoted(path))"
        switch surroundings.read(path) {
        case .failure(let trouble):
            throw ArchiveError(
                .usage, what, why: trouble.why,
                hint: typed == nil ? "CALLARCHIVE_CONFIG names it" : nil)
        case .success(let file) where !file.isRegular:
            throw ArchiveError(.usage, what, why: "it is not a regular file")
        case .success(let file):
            return try ConfigFile(path: path, bytes: file.bytes)
        }
    }
}
