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
        page += reasons(report.reasons, width: width)
        page += risks(report, width: width, paint)
        if report.handoversLeft > 0 {
            page += "\n"
            page += sentence(
                "Left for --exec: \(Wording.count(report.handoversLeft, "recording")), handed "
                    + "over by the next sync with it", width)
        }
        if let oldest = report.oldestPending {
            page += "\n"
            page += sentence(
                "Oldest to download: \(quoted(oldest.id)), started "
                    + "\(moment(oldest.start)), \(days(oldest.daysLeft))", width)
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

    /// Whole words, in as many lines as the window takes.
    private static func sentence(_ text: String, _ width: Int?) -> String {
        Wording.wrap(text, room: width).joined(separator: "\n") + "\n"
    }

    /// As `  failed         12  the provider answered 500: … ('r-1' and 11 more)`.
    private static func reasons(_ reasons: [NotArchivedReason], width: Int?) -> String {
        guard !reasons.isEmpty else { return "" }
        var text = "Why not archived:\n"
        for reason in reasons {
            let number = Wording.count(reason.count)
            let head =
                "  " + pad(reason.status.rawValue, 12)
                + String(repeating: " ", count: max(0, 10 - number.count)) + number + "  "
            let others = reason.count > 1 ? " and \(Wording.count(reason.count - 1)) more" : ""
            let words = "\(escaped(reason.message)) (\(quoted(reason.id))\(others))"
            text += head + Wording.cut(words, behind: head.count, width: width) + "\n"
        }
        return text + "\n"
    }

    private static func risks(_ report: StatusReport, width: Int?, _ paint: Paint) -> String {
        let rule = report.rule
        let days = Wording.count(rule.warnedBefore, "day")
        guard report.atRiskCount > 0 else {
            return report.atRiskIsKnown
                ? sentence(
                    "At risk: none; no recording that is still to be archived is deleted by the "
                        + "provider within \(days)", width)
                : unknownRisk(report.listing, width, paint)
        }
        var text = atRisk(
            "\(Wording.count(report.atRiskCount, "recording")) not archived, deleted by the provider "
                + "within \(days)", width, paint)
        text += "  " + pad("LEFT", 17) + pad("STATUS", 9) + pad("START (UTC)", 21) + "ID\n"
        for risk in report.atRisk.prefix(mostShown) {
            let head =
                "  " + pad(Self.days(risk.daysLeft), 17) + pad(risk.status.rawValue, 9)
                + pad(moment(risk.start), 21)
            text += head + Wording.cut(escaped(risk.id), behind: head.count, width: width) + "\n"
        }
        let more = report.atRiskCount - min(mostShown, report.atRisk.count)
        if more > 0 { text += "  and \(Wording.count(more)) more\n" }
        return report.atRiskIsKnown ? text : text + unknownRisk(report.listing, width, paint)
    }

    private static func unknownRisk(
        _ listing: ListingRecord, _ width: Int?, _ paint: Paint
    ) -> String {
        let since =
            listing.completedAt == nil
            ? "not known before a listing has reached its end"
            : "not known for what has begun since the last complete listing"
        return atRisk("\(since); run sync", width, paint)
    }

    /// The words are painted after the lines are broken, which colours must not move.
    private static func atRisk(_ text: String, _ width: Int?, _ paint: Paint) -> String {
        let words = "At risk"
        return paint(words, .bad) + sentence("\(words): \(text)", width).dropFirst(words.count)
    }

    private static func runs(_ runs: [RunRecord], width: Int?, _ paint: Paint) -> String {
        guard !runs.isEmpty else { return "\nLast runs: none\n" }
        var text = "\nLast runs:\n"
        for run in runs {
            guard let status = run.exitStatus else {
                text += "  \(moment(run.startedAt))  under way, or ended without a word\n"
                continue
            }
            let word = "status \(status)"
            let head = "  \(moment(run.startedAt))  "
            let rest = Wording.cut(
                pad(word, 12).dropFirst(word.count) + remarks(run),
                behind: head.count + word.count, width: width)
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
            .init("reasons", .array(report.reasons.map(reason))),
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

    private static func reason(_ reason: NotArchivedReason) -> JSONValue {
        .object([
            .init("status", .string(reason.status.rawValue)),
            .init("code", .string(reason.code)), .init("count", .integer(reason.count)),
            .init("id", .string(reason.id)), .init("message", .string(reason.message)),
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
