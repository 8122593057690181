/// What newly archived recordings are handed to, and how.
package struct HandoverSettings: Sendable {
    /// As given: a path, or a name to be looked for in PATH; nil: nothing is handed over.
    package var program: String?
    /// Processes at once.
    package var jobs = 2
    /// How long one may take.
    package var timeout = Duration.seconds(600)
    /// The processes' whole environment; without credentials.
    package var environment: [String: String] = [:]

    package init() {}
}
