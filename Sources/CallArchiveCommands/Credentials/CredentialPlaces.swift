package import CallArchive
import Platform
package import Transfer

/// Looks for the API's token and secret in every place they may be kept, best first.
package struct CredentialPlaces {
    /// Two variables that count only together.
    private static let pairs = [
        ("CALLARCHIVE_TOKEN", "CALLARCHIVE_SECRET"),
        ("BANDWIDTH_API_TOKEN", "BANDWIDTH_API_SECRET"),
    ]

    /// The variables of ours that are no option's.
    package static let ownVariables = ["CALLARCHIVE_TOKEN", "CALLARCHIVE_SECRET"]

    private let surroundings: Surroundings
    private let file: String?
    private let baseURL: BaseURL
    private let archiveName: String?
    private let fileGoesFirst: Bool

    /// `file` is `--credentials-file`'s; of an archive with a name, what is meant for it alone is
    /// looked at first.
    package init(
        surroundings: Surroundings, file: String?, baseURL: BaseURL, archiveName: String? = nil,
        fileGoesFirst: Bool = false
    ) {
        self.surroundings = surroundings
        self.file = file
        self.baseURL = baseURL
        self.archiveName = archiveName
        self.fileGoesFirst = fileGoesFirst
    }

    /// The credentials, and the words for the place they were found in.
    package func find() throws(ArchiveError) -> (credentials: Credentials, place: String) {
        var looked: [String] = []
        if let own = try archiveOwn(&looked) { return own }
        for (token, secret) in Self.pairs {
            if let found = try pair(token, secret) { return (found, "\(token) and \(secret)") }
            looked.append("\(token) and \(secret) are not set")
        }
        if let file {
            return (try CredentialsFile.read(file, surroundings).get(), quoted(file))
        }
        looked.append("--credentials-file is not given")
        if let folder = surroundings.variable("CREDENTIALS_DIRECTORY") {
            let path = folder + "/callarchive"
            switch try CredentialsFile.read(path, surroundings, isFromManager: true) {
            case .success(let found): return (found, quoted(path))
            case .failure(let error):
                guard error.isAbsence else { throw error.error }
                looked.append("\(quoted(path)) does not exist ($CREDENTIALS_DIRECTORY)")
            }
        } else {
            looked.append("CREDENTIALS_DIRECTORY is not set")
        }
        return try netrc(looked)
    }

    /// The archive's own file, or its own credential of systemd's.
    private func archiveOwn(
        _ looked: inout [String]
    ) throws(ArchiveError) -> (credentials: Credentials, place: String)? {
        if fileGoesFirst, let file {
            return (try CredentialsFile.read(file, surroundings).get(), quoted(file))
        }
        guard let archiveName, let folder = surroundings.variable("CREDENTIALS_DIRECTORY") else {
            return nil
        }
        let path = "\(folder)/callarchive-\(archiveName)"
        switch try CredentialsFile.read(path, surroundings, isFromManager: true) {
        case .success(let found): return (found, quoted(path))
        case .failure(let error):
            guard error.isAbsence else { throw error.error }
            looked.append("\(quoted(path)) does not exist ($CREDENTIALS_DIRECTORY)")
            return nil
        }
    }

    private func pair(_ token: String, _ secret: String) throws(ArchiveError) -> Credentials? {
        let values = (surroundings.variable(token), surroundings.variable(secret))
        switch values {
        case (let tokenText?, let secretText?):
            return try Self.checked(
                token: tokenText, secret: secretText, place: "\(token), \(secret)")
        case (nil, nil): return nil
        default:
            let (there, missing) = values.0 == nil ? (secret, token) : (token, secret)
            throw ArchiveError(
                .usage, "incomplete credentials", why: "\(there) is set, \(missing) is not",
                hint: "set both, or neither to look further")
        }
    }

    private func netrc(_ looked: [String]) throws(ArchiveError) -> (Credentials, String) {
        var looked = looked
        let home = surroundings.variable("HOME").map { $0 + "/.netrc" }
        if let path = surroundings.variable("NETRC") ?? home {
            switch surroundings.read(path) {
            case .failure(let trouble):
                looked.append("\(quoted(path)): \(trouble.why)")
            case .success(let found):
                if let login = Netrc(found.bytes).login(for: baseURL.host) {
                    // Only now: a file that says nothing of this host is not our business.
                    try CredentialsFile.checkPrivate(found, path: path, user: surroundings.user)
                    let credentials = try Self.checked(
                        token: login.name.reveal(), secret: login.password.reveal(),
                        place: quoted(path))
                    return (credentials, quoted(path))
                }
                looked.append("\(quoted(path)) has no login and password for \(baseURL.host)")
            }
        } else {
            looked.append("there is no netrc file: neither NETRC nor HOME is set")
        }
        throw ArchiveError(
            .usage, "no credentials for \(baseURL.text)",
            why: "the API's token and secret are in none of their places", causes: looked,
            hint: """
                set CALLARCHIVE_TOKEN and CALLARCHIVE_SECRET, or write \
                {"token": "…", "secret": "…"} to a file, chmod 600 it and name it with \
                --credentials-file
                """)
    }

    /// A colon in the token or a control character would be sent as something else.
    static func checked(
        token: String, secret: String, place: String
    ) throws(ArchiveError) -> Credentials {
        func fail(_ why: String) -> ArchiveError {
            ArchiveError(.usage, "unusable credentials in \(place)", why: why)
        }
        if token.isEmpty || secret.isEmpty {
            throw fail("the \(token.isEmpty ? "token" : "secret") is empty")
        }
        if token.utf8.contains(UInt8(ascii: ":")) { throw fail("the token contains a colon") }
        for (name, text) in [("token", token), ("secret", secret)]
        where text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            throw fail("the \(name) contains a line break or another control character")
        }
        return Credentials(token: Secret(token), secret: Secret(secret))
    }
}
