/// One thing that `doctor` looked at, how it was found, and what mends it.
package struct Finding: Sendable, Equatable {
    package enum Level: String, Sendable, CaseIterable {
        case ok
        /// A sync works, yet something is unwise or will stop it later.
        case warning
        /// A sync can't do its work.
        case error
    }

    /// What was looked at; stable words for programs.
    package enum Check: String, Sendable, CaseIterable {
        case configuration, account, credentials, provider, certificate, clock
        case archive, permissions, space, lock, leftovers, catalog, exec, metrics
        case lastRun = "last-run"
    }

    package var check: Check
    package var level: Level
    /// A sentence without a full stop.
    package var message: String
    package var causes: [String] = []
    /// What to do; nil where nothing is.
    package var mend: String?
    /// The class of what a sync would end in; set with `error` alone.
    package var kind: ArchiveError.Kind?

    package static func ok(_ check: Check, _ message: String) -> Finding {
        Finding(check: check, level: .ok, message: message)
    }

    package static func warning(_ check: Check, _ message: String, mend: String) -> Finding {
        Finding(check: check, level: .warning, message: message, mend: mend)
    }

    package static func error(
        _ check: Check, _ kind: ArchiveError.Kind, _ message: String, mend: String?
    ) -> Finding {
        Finding(check: check, level: .error, message: message, mend: mend, kind: kind)
    }

    package static func error(_ check: Check, _ error: ArchiveError) -> Finding {
        Finding(
            check: check, level: .error,
            message: error.why.isEmpty ? error.what : "\(error.what): \(error.why)",
            causes: error.causes, mend: error.hint, kind: error.kind)
    }
}

/// What an examination calls with each finding, as it comes.
package typealias FindingSink = (Finding) -> Void

extension Finding {
    /// `14 MiB`, `2.5 GiB`.
    static func size(_ bytes: Int64) -> String {
        if bytes < 1 << 20 { return "\((bytes + 1023) >> 10) KiB" }
        guard bytes >= 1 << 30 else { return "\(bytes >> 20) MiB" }
        let tenths = bytes / ((1 << 30) / 10)
        return "\(tenths / 10).\(tenths % 10) GiB"
    }

    /// `40 minutes`, `3 days`; rounded down.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = max(0, milliseconds / 60_000)
        if minutes < 1 { return "less than a minute" }
        if minutes < 120 { return counted(Int(minutes), "minute") }
        if minutes < 48 * 60 { return counted(Int(minutes / 60), "hour") }
        return counted(Int(minutes / 1440), "day")
    }
}
