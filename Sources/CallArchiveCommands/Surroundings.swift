package import Platform

/// What the program finds around it, handed in so that tests can choose it.
package struct Surroundings: Sendable {
    package var environment: [String: String]
    /// Opens, looks at and reads a file.
    package var read: @Sendable (String) -> Result<FoundFile, FileTrouble>
    /// The effective user id.
    package var user: UInt32
    package var now: @Sendable () -> Timestamp
    package var standardOutputIsTerminal: Bool
    package var standardErrorIsTerminal: Bool
    package var standardErrorIsJournal: Bool

    package init(
        environment: [String: String],
        read: @escaping @Sendable (String) -> Result<FoundFile, FileTrouble> = FoundFile.read,
        user: UInt32 = currentUser(), now: @escaping @Sendable () -> Timestamp = Timestamp.now,
        standardOutputIsTerminal: Bool = false, standardErrorIsTerminal: Bool = false,
        standardErrorIsJournal: Bool = false
    ) {
        self.environment = environment
        self.read = read
        self.user = user
        self.now = now
        self.standardOutputIsTerminal = standardOutputIsTerminal
        self.standardErrorIsTerminal = standardErrorIsTerminal
        self.standardErrorIsJournal = standardErrorIsJournal
    }

    /// A variable's value; an empty one counts as not set.
    package func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }
}
