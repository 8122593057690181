package import CallArchive
import Platform

/// `rebuild`: a new catalog from what the archive's other files prove.
package struct RebuildCommand: Sendable {
    private let options: Options
    private let context: CommandContext

    package init(options: Options, context: CommandContext) {
        self.options = options
        self.context = context
    }

    package func run() throws(ArchiveError) -> ExitStatus {
        let console = context.console
        let account = options.sync.account
        let run = RebuildRun(
            archive: options.sync.archive, account: account.isEmpty ? nil : account,
            lockWait: options.sync.lockWait)
        let signals = Signals(console) { _ in run.interrupt() }
        defer { signals.end() }
        do throws(ArchiveError) {
            let outcome = try run.run { console.log(.warning, $0) }
            if let torn = outcome.manifestTorn {
                console.log(
                    .warning,
                    "the manifest could not be read to its end (\(torn)); "
                        + "it lies in .callarchive/damaged now")
            }
            for sentence in outcome.notKnown { console.log(.warning, sentence) }
            console.summary(Self.summary(outcome), Self.members(outcome))
            return .success
        } catch {
            if let signal = signals.first { return ExitStatus(signal: signal) }
            throw error
        }
    }

    /// As `catalog rebuilt from manifest.json: 904 archived (1.2 GiB), 2 to fetch again`.
    private static func summary(_ outcome: RebuildOutcome) -> String {
        var parts = [
            "\(Wording.count(outcome.restored)) archived (\(Wording.bytes(outcome.bytes)))"
        ]
        func add(_ count: Int, _ words: String) {
            if count > 0 { parts.append("\(Wording.count(count)) \(words)") }
        }
        add(outcome.putBack, "put back in their places")
        add(outcome.missing, "missing")
        add(outcome.damaged, "damaged and moved to .callarchive/damaged")
        add(outcome.entries - outcome.restored - outcome.missing - outcome.damaged, "not archived")
        if outcome.unusable > 0 { parts.append(Wording.count(outcome.unusable, "unusable line")) }
        if outcome.unknownFiles > 0 {
            parts.append(Wording.count(outcome.unknownFiles, "unknown file") + " left in place")
        }
        var text = "catalog rebuilt from \(outcome.source): \(parts.joined(separator: ", "))"
        if outcome.renumbered > 0 {
            text +=
                "; \(Wording.count(outcome.renumbered)) got "
                + (outcome.renumbered == 1 ? "a new sequence number" : "new sequence numbers")
        }
        if let aside = outcome.movedAside { text += "; the old one is '\(aside)'" }
        return text
    }

    private static func members(_ outcome: RebuildOutcome) -> [JSONValue.Member] {
        [
            .init("event", .string("rebuildFinished")),
            .init("source", .string(outcome.source)),
            .init("entries", .integer(outcome.entries)),
            .init("archived", .integer(outcome.restored)),
            .init("bytes", .integer(outcome.bytes)),
            .init("putBack", .integer(outcome.putBack)),
            .init("missing", .integer(outcome.missing)),
            .init("damaged", .integer(outcome.damaged)),
            .init("unusable", .integer(outcome.unusable)),
            .init("unknownFiles", .integer(outcome.unknownFiles)),
            .init("renumbered", .integer(outcome.renumbered)),
            .init("notKnown", .array(outcome.notKnown.map { .string($0) })),
            .init("movedAside", .string(outcome.movedAside)),
        ]
    }
}
