extension Surroundings {
    /// The environment of programs that are run for the user: ours without credentials.
    ///
    /// A program that needs some gets them from a place of its own.
    package var programEnvironment: [String: String] {
        environment.filter { !Self.isSecret($0.key) }
    }

    private static let secretNames: Set = ["CREDENTIALS_DIRECTORY", "CALLARCHIVE_PING_URL"]

    private static func isSecret(_ name: String) -> Bool {
        if secretNames.contains(name) || name.hasPrefix("BANDWIDTH_API_") { return true }
        return name.hasPrefix("CALLARCHIVE_")
            && (name.hasSuffix("_TOKEN") || name.hasSuffix("_SECRET"))
    }
}
