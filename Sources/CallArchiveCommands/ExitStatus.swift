package import CallArchive

/// The exit statuses; an unknown one is a failure, and 1 is never used on purpose.
package struct ExitStatus: Sendable, Equatable {
    package let code: Int32
    /// One line for help and man page.
    package let meaning: String

    /// Everything complete is archived.
    package static let success = ExitStatus(code: 0, meaning: "everything complete is archived")
    package static let usage = ExitStatus(code: 2, meaning: "wrong usage or configuration")
    package static let someFailed = ExitStatus(
        code: 3, meaning: "done, but some recordings or runs of --exec failed")
    package static let refused = ExitStatus(
        code: 4, meaning: "the provider refused the credentials or the account")
    package static let unreachable = ExitStatus(
        code: 5, meaning: "the provider was not reachable, or the listing not completed")
    package static let storage = ExitStatus(
        code: 6, meaning: "local storage is full, not writable or failing")
    package static let locked = ExitStatus(code: 7, meaning: "another run holds the archive")
    package static let damage = ExitStatus(code: 8, meaning: "verify found damage")
    package static let budget = ExitStatus(
        code: 9, meaning: "--max-files or --max-duration was reached, work remains")
    package static let bug = ExitStatus(code: 70, meaning: "a bug in this program")
    package static let interrupted = ExitStatus(code: 130, meaning: "interrupted by SIGINT")
    package static let terminated = ExitStatus(
        code: 143, meaning: "terminated by SIGTERM or SIGHUP")

    /// In the order of help.
    package static let all = [
        success, usage, someFailed, refused, unreachable, storage, locked, damage, budget, bug,
        interrupted, terminated,
    ]
}

extension ExitStatus {
    package init(_ kind: ArchiveError.Kind) {
        self =
            switch kind {
            case .usage: .usage
            case .refused: .refused
            case .unreachable: .unreachable
            case .storage: .storage
            case .locked: .locked
            case .bug: .bug
            }
    }

    /// The first of them in the order 130/143, 70, 6, 8, 4, 5, 2, 7, 3, 9, 0; success for none.
    ///
    /// For several archives, and for doctor. A sync of one never has 2, 7 or 8 beside others.
    package static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
        let order = [
            interrupted, terminated, bug, storage, damage, refused, unreachable, usage, locked,
            someFailed, budget,
        ]
        return order.first(where: statuses.contains) ?? .success
    }

    package var isInterruption: Bool { self == .interrupted || self == .terminated }

    /// SIGINT (2) has its own status; SIGTERM and SIGHUP share one.
    package init(signal: Int32) {
        self = signal == 2 ? .interrupted : .terminated
    }

    /// Which status wins: 130/143, 70, 6, 4, 5, 3, 9, 0. Usage (2) and a held archive (7) stop a
    /// run before it begins, so they never compete with the others.
    package init(_ outcome: SyncOutcome) {
        self =
            if let signal = outcome.interruptedBy {
                ExitStatus(signal: signal)
            } else if let error = outcome.error {
                ExitStatus(error.kind)
            } else if !outcome.listingComplete {
                .unreachable
            } else if outcome.newlyFailed + outcome.handoversFailed > 0 {
                .someFailed
            } else if outcome.budgetReached {
                .budget
            } else {
                .success
            }
    }
}
