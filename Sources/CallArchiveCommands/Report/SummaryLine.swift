package import CallArchive

/// The one line that a run leaves behind, for a mail or a log.
package enum SummaryLine {
    /// As `128 archived (201.3 MiB), 1,034 in all, 2 waiting, none failed, in 41 s`.
    ///
    /// What is missing is named when something is; `waiting` is not missing yet. `atRisk` are
    /// those of them that the provider deletes soon.
    package static func render(_ outcome: SyncOutcome, atRisk: Int = 0) -> String {
        let summary = outcome.summary
        var parts = [
            outcome.newlyArchived == 0
                ? "nothing new"
                : "\(Wording.count(outcome.newlyArchived)) archived "
                    + "(\(Wording.bytes(outcome.newBytes)))",
            "\(Wording.count(summary.archived)) in all",
        ]
        if summary.waiting > 0 { parts.append("\(Wording.count(summary.waiting)) waiting") }
        if summary.pending > 0 { parts.append("\(Wording.count(summary.pending)) pending") }
        parts.append(summary.failed > 0 ? "\(Wording.count(summary.failed)) failed" : "none failed")
        if summary.gone > 0 { parts.append("\(Wording.count(summary.gone)) gone") }
        if summary.unavailable > 0 {
            parts.append("\(Wording.count(summary.unavailable)) unavailable")
        }
        if atRisk > 0 { parts.append("\(Wording.count(atRisk)) at risk") }
        let line = "\(parts.joined(separator: ", ")), in \(Wording.duration(outcome.elapsed))"
        return ([line] + remarks(outcome)).joined(separator: "; ")
    }

    private static func remarks(_ outcome: SyncOutcome) -> [String] {
        var remarks: [String] = []
        if outcome.handoversFailed > 0 {
            remarks.append(
                "--exec failed for \(Wording.count(outcome.handoversFailed, "recording"))")
        }
        if outcome.handoversLeft > outcome.handoversFailed {
            remarks.append(
                "\(Wording.count(outcome.handoversLeft)) left for --exec in the next run")
        }
        if let signal = outcome.interruptedBy {
            remarks.append("stopped by \(Wording.signal(signal)), the next run goes on from here")
        } else if outcome.error != nil {
            remarks.append("stopped by an error")
        } else if outcome.budgetReached {
            remarks.append("budget reached, the next run goes on from here")
        }
        if !outcome.listingComplete { remarks.append("the listing is not complete") }
        return remarks
    }
}
