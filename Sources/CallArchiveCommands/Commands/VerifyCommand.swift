package import CallArchive
import Platform

/// `verify`: a line on standard output for each thing that is not as it was archived.
package struct VerifyCommand: Sendable {
    private let options: Options
    private let context: CommandContext

    package init(options: Options, context: CommandContext) {
        self.options = options
        self.context = context
    }

    package func run() throws(ArchiveError) -> ExitStatus {
        let console = context.console
        var settings = VerifySettings(archive: options.sync.archive)
        settings.sample = options.sample
        settings.maxDuration = options.sync.maxDuration
        settings.repair = options.repair
        settings.lockWait = options.sync.lockWait
        let verify = Verify(settings: settings)
        let signals = Signals(console) { _ in verify.interrupt() }
        defer { signals.end() }
        let display = context.progressDisplay(options) { verify.progress() }
        let json = options.json
        do throws(ArchiveError) {
            let outcome = try verify.run { finding in
                console.data(
                    json
                        ? OutputShapes.finding(finding)
                        : Array(FindingLine.render(finding).utf8))
            }
            display?.stop()
            let status = Self.status(outcome, signal: signals.first)
            console.summary(summary(outcome), Self.members(outcome, status))
            return status
        } catch {
            display?.stop()
            if let signal = signals.first { return ExitStatus(signal: signal) }
            throw error
        }
    }

    private static func status(_ outcome: VerifyOutcome, signal: Int32?) -> ExitStatus {
        if let signal { return ExitStatus(signal: signal) }
        if outcome.damaged > 0 { return .damage }
        return outcome.budgetReached ? .budget : .success
    }

    /// As `904 of 904 files verified (1.2 GiB), 2 damaged, in 41 s`.
    private func summary(_ outcome: VerifyOutcome) -> String {
        var parts = [
            "\(Wording.count(outcome.checked)) of "
                + "\(Wording.count(outcome.archived, "file")) verified "
                + "(\(Wording.bytes(outcome.bytes)))",
            outcome.damaged > 0 ? "\(Wording.count(outcome.damaged)) damaged" : "none damaged",
        ]
        if outcome.unknownFiles > 0 {
            parts.append(Wording.count(outcome.unknownFiles, "unknown file"))
        }
        parts.append("in \(Wording.duration(outcome.elapsed))")
        var text = parts.joined(separator: ", ")
        if outcome.putBack > 0 {
            text +=
                "; \(Wording.count(outcome.putBack)) lay elsewhere below recordings/ and "
                + "are back in their places"
        }
        if outcome.repaired > 0 {
            let them = outcome.repaired == 1 ? "it" : "them"
            text +=
                "; \(Wording.count(outcome.repaired)) set back to pending, the next sync "
                + "fetches \(them) again; what was damaged lies in .callarchive/damaged"
        } else if outcome.damaged > 0, !options.repair {
            text += "; --repair has \(outcome.damaged == 1 ? "it" : "them") fetched again"
        }
        if outcome.isInterrupted || outcome.budgetReached {
            text += "; the next verify goes on from here"
        }
        return text
    }

    private static func members(
        _ outcome: VerifyOutcome, _ status: ExitStatus
    ) -> [JSONValue.Member] {
        [
            .init("event", .string("verifyFinished")),
            .init("exitStatus", .integer(Int64(status.code))),
            .init("archived", .integer(outcome.archived)),
            .init("checked", .integer(outcome.checked)),
            .init("bytes", .integer(outcome.bytes)),
            .init("damaged", .integer(outcome.damaged)),
            .init("repaired", .integer(outcome.repaired)),
            .init("putBack", .integer(outcome.putBack)),
            .init("unknownFiles", .integer(outcome.unknownFiles)),
            .init("budgetReached", .bool(outcome.budgetReached)),
            .init("elapsedSeconds", .number(Wording.seconds(outcome.elapsed))),
        ]
    }
}
