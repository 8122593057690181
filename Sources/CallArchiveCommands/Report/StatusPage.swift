package import CallArchive
import Platform

/// `status` for people.
package enum StatusPage {
    /// Recordings at risk that are shown; the first ones to go.
    private static let mostShown = 20

    /// `width` is the terminal's; nil leaves ids whole, as pipes want them.
    package static func render(
        _ report: StatusReport, width: Int?, paint: Paint = .none
    ) -> String {
        var page = "Archive  \(escaped(report.archive))\n"
        page +=
            report.account.isEmpty
            ? "Account  not known before a sync has listed its recordings\n"
            : "Account  \(escaped(report.account)) (\(escaped(report.provider)))\n"
        page += listing(report.listing) + "\n"
        page += counts(report.summary, paint) + "\n"
        page += risks(report, width: width, paint)
        if report.handoversLeft > 0 {
            page +=
                "\nLeft for --exec: \(Wording.count(report.handoversLeft, "recording")), handed "
                + "over by the next sync with it\n"
        }
        if let oldest = report.oldestPending {
            page +=
                "\nOldest pending: \(quoted(oldest.id)), started "
                + "\(moment(oldest.start)), \(days(oldest.daysLeft))\n"
        }
        return page + runs(report.lastRuns, width: width, paint)
    }

    private static func listing(_ listing: ListingRecord) -> String {
        let when = listing.completedAt.map { moment($0) } ?? "never"
        return "Listed   \(when)"
            + (listing.isComplete ? "\n" : "; the last listing did not reach its end\n")
    }

    private static func counts(_ summary: ArchiveSummary, _ paint: Paint) -> String {
        var text = line("recordings", summary.listed, "")
        text += line("archived", summary.archived, Wording.bytes(summary.bytes))
        let rest: [(String, Int, String, Paint.Ink?)] = [
            ("pending", summary.pending, "not downloaded yet", nil),
            ("failed", summary.failed, "tried again at every sync", .bad),
            ("waiting", summary.waiting, "not complete at the provider yet", nil),
            ("gone", summary.gone, "the provider no longer has them", .doubtful),
            ("unavailable", summary.unavailable, "the provider could not keep them", .doubtful),
        ]
        for (word, count, remark, ink) in rest where count > 0 {
            text += paint(word, ink) + line(word, count, remark).dropFirst(word.count)
        }
        return text
    }

    private static func line(_ word: String, _ count: Int, _ remark: String) -> String {
        let number = Wording.count(count)
        let text = pad(word, 12) + String(repeating: " ", count: max(0, 12 - number.count)) + number
        return text + (remark.isEmpty ? "" : "  \(remark)") + "\n"
    }

    private static func risks(_ report: StatusReport, width: Int?, _ paint: Paint) -> String {
        let rule = report.rule
        guard report.atRiskCount > 0 else {
            let days = Wording.count(rule.warnedBefore, "day")
            return report.atRiskIsKnown
                ? "At risk: none; no recording that is still to be archived is deleted by the "
                    + "provider within \(days)\n"
                : unknownRisk(paint)
        }
        var text =
            paint("At risk", .bad)
            + ": \(Wording.count(report.atRiskCount, "recording")) not archived, deleted by "
            + "the provider within \(Wording.count(rule.warnedBefore, "day"))\n"
        text += "  " + pad("LEFT", 14) + pad("STATUS", 9) + pad("START (UTC)", 21) + "ID\n"
        for risk in report.atRisk.prefix(mostShown) {
            let head =
                "  " + pad(days(risk.daysLeft), 14) + pad(risk.status.rawValue, 9)
                + pad(moment(risk.start), 21)
            var id = escaped(risk.id)
            if let width, head.count + id.count > width, width > head.count + 8 {
                id = id.prefix(width - head.count - 1) + "…"
            }
            text += head + id + "\n"
        }
        let more = report.atRiskCount - min(mostShown, report.atRisk.count)
        if more > 0 { text += "  and \(Wording.count(more)) more\n" }
        return report.atRiskIsKnown ? text : text + unknownRisk(paint)
    }

    private static func unknownRisk(_ paint: Paint) -> String {
        paint("At risk", .bad)
            + ": not known for what has begun since the last complete listing; run sync\n"
    }

    private static func runs(_ runs: [RunRecord], width: Int?, _ paint: Paint) -> String {
        guard !runs.isEmpty else { return "\nLast runs: none\n" }
        var text = "\nLast runs:\n"
        for run in runs {
            guard let status = run.exitStatus else {
                text += "  \(moment(run.startedAt))  still running, or ended without a word\n"
                continue
            }
            let word = "status \(status)"
            let head = "  \(moment(run.startedAt))  "
            var rest = pad(word, 12).dropFirst(word.count) + remarks(run)
            if let width, head.count + word.count + rest.count > width, width > 50 {
                rest = rest.prefix(width - head.count - word.count - 1) + "…"
            }
            text += head + paint(word, status == 0 ? nil : .bad) + rest + "\n"
        }
        return text
    }

    /// As `8 archived, 1 failed, in 41 s; cannot reach the provider`.
    private static func remarks(_ run: RunRecord) -> String {
        var text = "\(Wording.count(run.archived ?? 0)) archived"
        if let failed = run.failed, failed > 0 { text += ", \(Wording.count(failed)) failed" }
        if let finished = run.finishedAt {
            let time = Duration.milliseconds(finished.milliseconds - run.startedAt.milliseconds)
            text += ", in \(Wording.duration(time))"
        }
        if let error = run.error { text += "; \(escaped(error))" }
        return text
    }

    /// As `overdue`, `less than a day`, `3 days left`.
    static func days(_ left: Double) -> String {
        if left <= 0 { return "overdue" }
        return left < 1 ? "less than a day" : Wording.count(Int(left), "day") + " left"
    }

    private static func moment(_ time: Timestamp) -> String {
        String(time.iso8601.prefix(19).map { $0 == "T" ? " " : $0 })
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

extension OutputShapes {
    /// The one object of `status --json`.
    package static func status(_ report: StatusReport) -> [UInt8] {
        JSONValue.object([
            .init("account", .string(report.account.isEmpty ? nil : report.account)),
            .init("provider", .string(report.provider.isEmpty ? nil : report.provider)),
            .init("archive", .string(report.archive)),
            .init("summary", .encoded { ManifestDocument.append(report.summary, to: &$0) }),
            .init(
                "listing",
                .object([
                    .init("complete", .bool(report.listing.isComplete)),
                    .init("completedAt", .string(report.listing.completedAt?.iso8601)),
                    .init("pages", .integer(report.listing.pages)),
                ])),
            .init("retentionDays", .integer(report.rule.days)),
            .init("atRiskDays", .integer(report.rule.warnedBefore)),
            .init("atRiskCount", .integer(report.atRiskCount)),
            .init("atRisk", .array(report.atRisk.map(risk))),
            .init("atRiskIsKnown", .bool(report.atRiskIsKnown)),
            .init("oldestPending", report.oldestPending.map(risk) ?? .null),
            .init("handoversLeft", .integer(report.handoversLeft)),
            .init("lastRuns", .array(report.lastRuns.map(run))),
        ]).line
    }

    static func risk(_ risk: RecordingAtRisk) -> JSONValue {
        .object([
            .init("id", .string(risk.id)), .init("status", .string(risk.status.rawValue)),
            .init("startTime", .string(risk.startTime)),
            .init("expiresAt", .string(risk.expiresAt.iso8601)),
            .init("daysLeft", .number(risk.daysLeft)),
        ])
    }

    private static func run(_ run: RunRecord) -> JSONValue {
        .object([
            .init("run", .integer(run.run)),
            .init("startedAt", .string(run.startedAt.iso8601)),
            .init("finishedAt", .string(run.finishedAt?.iso8601)),
            .init("exitStatus", integer(run.exitStatus)),
            .init("listingComplete", run.listingComplete.map { .bool($0) } ?? .null),
            .init("archived", integer(run.archived)),
            .init("bytes", run.bytes.map { .integer($0) } ?? .null),
            .init("failed", integer(run.failed)),
            .init("requests", integer(run.requests)),
            .init("error", .string(run.error)),
        ])
    }

    private static func integer(_ value: Int?) -> JSONValue {
        value.map { .integer($0) } ?? .null
    }
}
