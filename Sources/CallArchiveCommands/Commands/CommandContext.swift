package import CallArchive

/// What a command is given to work with.
package struct CommandContext: Sendable {
    package let console: Console
    package let surroundings: Surroundings
    package let engine: Engine
    /// Columns of the terminal behind standard output or standard error; nil for none.
    package let width: @Sendable (Stream) -> Int?

    package enum Stream: Sendable {
        case output, error
    }

    package init(
        console: Console, surroundings: Surroundings, engine: Engine,
        width: @escaping @Sendable (Stream) -> Int?
    ) {
        self.console = console
        self.surroundings = surroundings
        self.engine = engine
        self.width = width
    }

    /// Fills in credentials, and warns of what is not wrong but unwise.
    package func settings(_ options: Options, typed: RawInvocation) throws(ArchiveError)
        -> SyncSettings
    {
        var settings = options.sync
        settings.handover.environment = surroundings.programEnvironment
        guard !settings.account.isEmpty else {
            throw ArchiveError(
                .usage, "no user id", why: "the account to archive is not named",
                hint: options.archiveNames.isEmpty
                    ? "give --user-id ID, or set CALLARCHIVE_USER_ID"
                    : "give --all or --only NAME for those of the --config file, or --user-id ID")
        }
        try options.checkCertificates(surroundings)
        let found = try options.credentialPlaces(surroundings).find()
        settings.credentials = found.credentials
        console.log(.debug, "credentials from \(found.place)")
        if typed.options.contains(where: { $0.spec.name == "credentials-file" }),
            let file = options.credentialsFile, found.place != quoted(file)
        {
            console.log(
                .warning, "--credentials-file is not used: \(found.place) are set and go before it")
        }
        if options.baseURL.isExposed {
            console.log(
                .warning,
                "the API's token and secret cross the network unencrypted: "
                    + "\(options.baseURL.text) is not https")
        }
        return settings
    }
}

extension CommandContext {
    /// The progress line, where it is wanted and not in the way.
    func progressDisplay(
        _ options: Options, poll: @escaping @Sendable () -> SyncProgress
    ) -> ProgressDisplay? {
        let isCapable =
            surroundings.standardErrorIsTerminal && surroundings.variable("TERM") != "dumb"
        let isWanted =
            switch options.progress {
            case .always: true
            case .never: false
            case .auto: isCapable && options.logFormat == .text
            }
        guard isWanted, options.verbosity != .quiet else { return nil }
        let width = width
        let fallback = surroundings.variable("COLUMNS").flatMap { Int($0) } ?? 80
        let taken = console.labelWidth
        return ProgressDisplay(
            console: console, width: { (width(.error) ?? fallback) - taken }, poll: poll)
    }
}

extension Options {
    /// Where the credentials of these options' account may be.
    func credentialPlaces(_ surroundings: Surroundings) -> CredentialPlaces {
        CredentialPlaces(
            surroundings: surroundings, file: credentialsFile, baseURL: baseURL,
            archiveName: archiveName, fileGoesFirst: hasOwnCredentialsFile)
    }
}
