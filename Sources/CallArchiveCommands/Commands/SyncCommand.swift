package import CallArchive
import Platform
import Synchronization

/// `sync`: runs the engine, shows what it does, and turns its outcome into an exit status.
package struct SyncCommand: Sendable {
    private let options: Options
    private let settings: SyncSettings
    private let context: CommandContext
    private let monitor: SyncMonitor

    /// Fills in credentials and runs; who watches the runs hears of it too when that can't be.
    package static func begin(
        _ options: Options, typed: RawInvocation, _ context: CommandContext
    ) throws(ArchiveError) -> ExitStatus {
        let monitor = SyncMonitor(options: options, context: context)
        let settings: SyncSettings
        do throws(ArchiveError) {
            settings = try context.settings(options, typed: typed)
        } catch {
            monitor.failed(error)
            throw error
        }
        return SyncCommand(
            options: options, settings: settings, context: context, monitor: monitor
        ).run()
    }

    package func run() -> ExitStatus {
        let console = context.console
        let reporter = SyncReporter(
            console: console, json: options.json,
            limit: options.verbosity == .verbose ? .max - 1 : SyncReporter.usualLimit,
            now: context.surroundings.now)
        let sync = context.engine.sync(settings, monitor.observer(reporter))
        let signalled = Locked<Int32?>(nil)
        let watch = SignalWatch { signal in
            signalled.withLock { $0 = signal }
            console.hurry()
            monitor.hurry()
            sync.interrupt(signal: signal)
        }
        let display = context.progressDisplay(options) { sync.progress() }
        let result: Result<SyncOutcome, ArchiveError>
        do throws(ArchiveError) {
            result = .success(try sync.run())
        } catch {
            result = .failure(error)
        }
        display?.stop()
        reporter.tellLeftOut()
        let status = finish(result, signal: signalled.withLock { $0 })
        // Until the last line is out, a second signal still ends a program that hangs on it.
        console.finish()
        watch.cancel()
        return status
    }

    /// The errors, the last event, the summary.
    private func finish(
        _ result: Result<SyncOutcome, ArchiveError>, signal: Int32?
    ) -> ExitStatus {
        let console = context.console
        let outcome: SyncOutcome?
        let error: ArchiveError?
        let status: ExitStatus
        switch result {
        case .success(let ended):
            outcome = ended
            status = ExitStatus(ended)
            error = ended.error ?? Self.complaint(ended, status)
        case .failure(let failure):
            outcome = nil
            status = signal.map(ExitStatus.init(signal:)) ?? ExitStatus(failure.kind)
            error = failure
        }
        if let error { console.fail(error) }
        let figures = monitor.look()
        // Whoever holds the archive at the moment says it himself.
        if status != .locked, let figures {
            for line in [RiskLine.render(figures), RiskLine.unknown(figures)].compactMap({ $0 }) {
                console.log(.warning, line, [.init("event", .string("atRisk"))])
            }
        }
        if options.json {
            console.data(
                OutputShapes.runFinished(
                    outcome, error: error, status: status, figures: figures,
                    at: context.surroundings.now()))
        }
        monitor.end(outcome: outcome, error: error, status: status, figures: figures)
        if let outcome {
            console.summary(
                SummaryLine.render(outcome, atRisk: figures?.atRiskCount ?? 0),
                [.init("event", .string("runFinished"))]
                    + OutputShapes.ending(
                        outcome, error: error, status: status, figures: figures))
        }
        return status
    }

    /// What has to be said of a run that ended by itself, yet not well.
    private static func complaint(_ outcome: SyncOutcome, _ status: ExitStatus) -> ArchiveError? {
        guard status == .unreachable else { return nil }
        return ArchiveError(
            .unreachable, "the listing did not reach its end",
            why: "recordings on later pages are not known yet",
            hint: "what was listed is taken care of; run it again for the rest")
    }
}
