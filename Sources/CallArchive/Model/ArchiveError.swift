/// What stops a command: rendered as `error: what: why`, `caused by:` lines and a `hint:`.
package struct ArchiveError: Error, Sendable, Equatable {
    /// The class; the commands layer maps it to the exit status.
    package enum Kind: String, Sendable {
        /// Options, configuration, another account's archive (2).
        case usage
        /// Credentials or account refused by the provider (4).
        case refused
        /// Provider unreachable, or the listing not completed (5).
        case unreachable
        /// Local storage: full, not writable, I/O, catalog lost (6).
        case storage
        /// Another run holds the archive (7).
        case locked
        /// Our bug (70).
        case bug
    }

    package var kind: Kind
    /// The object, as "cannot open the archive '/srv/calls'".
    package var what: String
    package var why: String
    package var causes: [String]
    package var hint: String?

    package init(
        _ kind: Kind, _ what: String, why: String, causes: [String] = [], hint: String? = nil
    ) {
        self.kind = kind
        self.what = what
        self.why = why
        self.causes = causes
        self.hint = hint
    }
}

extension ArchiveError {
    /// The one that a run is remembered by: our bug, then storage, credentials, the provider.
    package static func graver(_ first: ArchiveError?, _ second: ArchiveError?) -> ArchiveError? {
        guard let first, let second else { return first ?? second }
        return second.gravity > first.gravity ? second : first
    }

    private var gravity: Int {
        switch kind {
        case .bug: 4
        case .storage: 3
        case .refused: 2
        case .unreachable: 1
        case .usage, .locked: 0
        }
    }
}
