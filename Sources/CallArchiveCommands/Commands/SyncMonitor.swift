package import CallArchive
import FoundationEssentials
import Platform

/// Tells others how a sync goes: the metrics file and the pings, where they are wanted.
///
/// Nothing of it changes the run or its exit status; what fails is a warning.
package final class SyncMonitor: Sendable {
    private let options: Options
    private let context: CommandContext
    private let pings: RunPings?
    private let started = MonotonicClock.now()

    package init(options: Options, context: CommandContext) {
        self.options = options
        self.context = context
        pings = options.pingAddress.map { RunPings($0) }
    }

    /// Tells of a sync whose command line, environment or configuration is wrong.
    static func tell(_ error: ArchiveError, of raw: RawInvocation, _ context: CommandContext) {
        for options in OptionResolver.monitoring(raw, context.surroundings) where !options.dryRun {
            SyncMonitor(options: options, context: context).failed(error)
        }
    }

    /// What the engine reports to: `reporter`, and the first ping at the run's start.
    package func observer(_ reporter: any SyncObserver) -> any SyncObserver {
        pings.map { StartWatch(reporter: reporter, pings: $0) } ?? reporter
    }

    /// A signal came.
    package func hurry() {
        pings?.hurry()
    }

    /// How the archive stands now, as far as its catalog can be read.
    package func look() -> ArchiveFigures? {
        ArchiveFigures.read(
            archive: options.sync.archive,
            rule: RetentionRule(days: options.retentionDays, warnedBefore: options.atRiskDays),
            at: context.surroundings.now())
    }

    /// The run ended before it could begin; the error itself is shown by others.
    package func failed(_ error: ArchiveError) {
        end(outcome: nil, error: error, status: ExitStatus(error.kind), figures: look())
    }

    /// The run's end; called once, and last.
    package func end(
        outcome: SyncOutcome?, error: ArchiveError?, status: ExitStatus,
        figures: ArchiveFigures?
    ) {
        writeMetrics(outcome, status, figures)
        guard let pings else { return }
        var lines = ["exit status \(status.code)"]
        if let error { lines.append("error: \(ErrorText.headline(error))") }
        if let outcome {
            let atRisk = figures?.atRiskCount ?? 0
            lines.append("callarchive: \(SummaryLine.render(outcome, atRisk: atRisk))")
        }
        let body = lines.map { escaped($0) + "\n" }.joined()
        if let trouble = pings.end(status == .success ? .success : .failure, body) {
            context.console.log(
                .warning,
                "the ping to \(options.pingAddress.map { "\($0)" } ?? "") failed: \(trouble); "
                    + "the run is not affected")
        }
    }

    private func writeMetrics(
        _ outcome: SyncOutcome?, _ status: ExitStatus, _ figures: ArchiveFigures?
    ) {
        guard let path = options.metricsFile else { return }
        let file = MetricsFile(path)
        let archive = absolute(options.sync.archive)
        let run = RunFigures(
            exitStatus: status.code, finishedAt: context.surroundings.now(),
            elapsed: outcome?.elapsed ?? .nanoseconds(MonotonicClock.now() - started),
            outcome: outcome)
        // A catalog that was rebuilt knows no runs.
        let lastSuccess = figures?.lastSuccess ?? file.formerSuccess(archive: archive)
        do throws(ArchiveError) {
            try file.write(
                MetricsText.render(
                    archive: archive, run: run, figures: figures, lastSuccess: lastSuccess))
        } catch {
            context.console.log(.warning, ErrorText.headline(error))
        }
    }

    /// The archive's label must not depend on where the program was started.
    private func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let below = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        let folder = FileManager.default.currentDirectoryPath
        return folder.hasSuffix("/") ? folder + below : "\(folder)/\(below)"
    }
}

/// Sends the first ping when the engine has the lock and has begun.
private struct StartWatch: SyncObserver {
    let reporter: any SyncObserver
    let pings: RunPings

    var wantsEntries: Bool { reporter.wantsEntries }

    func observe(_ event: SyncEvent) {
        if case .runStarted(let run, let archive, _) = event {
            pings.start {
                var body = "\(CallArchiveVersion.generator): run \(run) has begun\n"
                if let before = ArchiveFigures.unfinishedRun(before: run, archive: archive) {
                    body +=
                        "the run before it, begun at \(before.iso8601), ended without a word: "
                        + "it was killed, or the machine stopped\n"
                }
                return body
            }
        }
        reporter.observe(event)
    }
}
