package import Platform

/// A run and its archive in Prometheus' text format, for the node exporter's textfile collector.
///
/// What isn't known is left out. Each sample carries the archive's path, so that files of several
/// archives can lie side by side; names, help and types are the same in all of them.
package struct MetricsText {
    package static let lastSuccessName = "callarchive_last_success_timestamp_seconds"

    private let archive: String
    private var text = ""

    /// `lastSuccess` nil: there was none that is known of.
    package static func render(
        archive: String, run: RunFigures, figures: ArchiveFigures?, lastSuccess: Timestamp?
    ) -> String {
        var metrics = MetricsText(archive: archive)
        metrics.about(figures)
        metrics.ended(run, lastSuccess)
        metrics.did(run.outcome ?? SyncOutcome())
        metrics.holds(figures, run)
        return metrics.text
    }

    /// What each sample of the archive begins its labels with.
    package static func label(archive: String) -> String {
        "archive=\"\(escaped(archive))\""
    }

    private init(archive: String) {
        self.archive = archive
    }

    // MARK: - Families

    private mutating func about(_ figures: ArchiveFigures?) {
        family("info", "The program's version and the account.")
        let account =
            figures.map(\.account).flatMap { $0.isEmpty ? nil : ",account=\"\(Self.escaped($0))\"" }
            ?? ""
        sample("info", "1", account + ",version=\"\(CallArchiveVersion.current)\"")
    }

    private mutating func ended(_ run: RunFigures, _ lastSuccess: Timestamp?) {
        gauge(
            "last_run_timestamp_seconds", "When the last sync ended.",
            Self.seconds(run.finishedAt))
        gauge(
            "last_success_timestamp_seconds",
            "When the last sync with exit status 0 ended; 0 for never.",
            lastSuccess.map(Self.seconds) ?? "0")
        gauge(
            "last_run_exit_status", "Exit status of the last sync; 0 is success.",
            "\(run.exitStatus)")
        gauge(
            "last_run_duration_seconds", "How long the last sync took.",
            Self.decimal(run.elapsed.nanoseconds / 1_000_000))
    }

    private mutating func did(_ outcome: SyncOutcome) {
        gauge(
            "last_run_archived_recordings", "Recordings that the last sync archived.",
            "\(outcome.newlyArchived)")
        gauge(
            "last_run_archived_bytes", "Bytes of the recordings that the last sync archived.",
            "\(outcome.newBytes)")
        gauge(
            "last_run_failed_recordings", "Recordings that the last sync tried in vain.",
            "\(outcome.newlyFailed)")
        gauge(
            "last_run_listing_complete", "1 when the last sync's listing reached its end, else 0.",
            outcome.listingComplete ? "1" : "0")
        gauge(
            "last_run_requests", "HTTP requests of the last sync, retries and refusals included.",
            "\(outcome.requests)")
        gauge("last_run_retries", "Retries of the last sync.", "\(outcome.retries)")
        gauge(
            "last_run_rate_limited_requests",
            "Requests of the last sync that the provider refused with 429.",
            "\(outcome.refused)")
    }

    private mutating func holds(_ figures: ArchiveFigures?, _ run: RunFigures) {
        guard let figures else { return }
        family("recordings", "Recordings known of, by status.")
        let summary = figures.summary
        let counts: [(ArchiveStatus, Int)] = [
            (.archived, summary.archived), (.pending, summary.pending),
            (.failed, summary.failed), (.waiting, summary.waiting), (.gone, summary.gone),
            (.unavailable, summary.unavailable),
        ]
        for (status, count) in counts {
            sample("recordings", "\(count)", ",status=\"\(status.rawValue)\"")
        }
        gauge("archived_bytes", "Bytes of all archived files.", "\(summary.bytes)")
        if let listedAt = figures.listedAt {
            gauge(
                "last_listing_timestamp_seconds", "When the last complete listing ended.",
                Self.seconds(listedAt))
        }
        gauge(
            "retention_seconds", "How long the provider keeps a recording, as configured.",
            "\(figures.rule.days * 86_400)")
        gauge(
            "at_risk_recordings",
            "Recordings not archived that the provider deletes soon (see --at-risk-days).",
            "\(figures.atRiskCount)")
        guard let oldest = figures.oldest else { return }
        gauge(
            "oldest_unarchived_timestamp_seconds",
            "Start of the oldest recording that is pending, failed or waiting; absent for none.",
            Self.seconds(oldest.start))
        gauge(
            "oldest_unarchived_age_seconds",
            "Its age when the last sync ended; absent for none.",
            Self.decimal(run.finishedAt.milliseconds - oldest.start.milliseconds))
        gauge(
            "oldest_unarchived_retention_left_seconds",
            "Time until the provider deletes it, below 0 when overdue; absent for none.",
            Self.decimal(oldest.expiresAt.milliseconds - run.finishedAt.milliseconds))
    }

    // MARK: - Lines

    private mutating func family(_ name: String, _ help: String) {
        text += "# HELP callarchive_\(name) \(help)\n# TYPE callarchive_\(name) gauge\n"
    }

    private mutating func sample(_ name: String, _ value: String, _ labels: String = "") {
        text += "callarchive_\(name){\(Self.label(archive: archive))\(labels)} \(value)\n"
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: String) {
        family(name, help)
        sample(name, value)
    }

    private static func seconds(_ time: Timestamp) -> String { decimal(time.milliseconds) }

    /// Milliseconds as seconds with a fraction when there is one.
    private static func decimal(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        let sign = milliseconds < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        let digits = "\(rest)"
        return "\(sign)\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// A label's value, as the format wants it.
    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
