package import CallArchive
package import Platform
import Synchronization

/// Shows a run's events: as lines of the log, and as NDJSON when `json` is set.
package final class SyncReporter: SyncObserver {
    /// Lines for recordings that are not archived, of each level, before the rest is only counted.
    package static let usualLimit = 20
    /// And of each reason: one that all have in common is told by its first few.
    private static let share = 4

    private let console: Console
    private let json: Bool
    private let now: @Sendable () -> Timestamp
    private let limit: Int
    private let failures = Locked(Failures())
    private let handoverLines = Locked(0)

    /// What was told and what was only counted.
    private struct Failures {
        struct Reason: Hashable {
            var status: ArchiveStatus
            var code: String
        }

        var told: [NoticeLevel: Int] = [:]
        var toldOfReason: [Reason: Int] = [:]
        var leftOut: [Reason: Int] = [:]

        /// Whether one more is told.
        mutating func admit(_ reason: Reason, _ level: NoticeLevel, limit: Int) -> Bool {
            guard told[level, default: 0] < limit,
                toldOfReason[reason, default: 0] < max(1, limit / SyncReporter.share)
            else {
                leftOut[reason, default: 0] += 1
                return false
            }
            told[level, default: 0] += 1
            toldOfReason[reason, default: 0] += 1
            return true
        }
    }

    package init(
        console: Console, json: Bool, limit: Int = SyncReporter.usualLimit,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.console = console
        self.json = json
        self.limit = limit
        self.now = now
    }

    /// Entries are shown as events and by `--verbose` only.
    package var wantsEntries: Bool { json || console.shows(.debug) }

    package func observe(_ event: SyncEvent) {
        if json, let line = OutputShapes.event(event, at: now()) { console.data(line) }
        switch event {
        case .runStarted(let run, let archive, let account):
            console.log(
                .debug, "run \(run): account \(quoted(account)) into \(quoted(archive))",
                [.init("event", .string("runStarted")), .init("run", .integer(run))])
        case .pageListed(let page, let rows):
            console.log(
                .debug, "listed page \(Wording.count(page)): \(Wording.count(rows, "recording"))",
                [.init("event", .string("pageListed")), .init("page", .integer(page))])
        case .recordingArchived(let entry):
            console.log(
                .debug,
                "archived \(entry.file ?? entry.id) (\(Wording.bytes(entry.bytes ?? 0)))",
                [.init("event", .string("recordingArchived")), .init("id", .string(entry.id))])
        case .recordingFailed(let id, let status, let error):
            failed(id, status, error)
        case .retrying(let id, let attempt, let after, let cause):
            let object = id.map { "recording \(quoted($0))" } ?? "the listing"
            console.log(
                .debug,
                "trying \(object) again in \(Wording.duration(after)) (attempt \(attempt)): \(cause)",
                [.init("event", .string("retrying")), .init("id", .string(id))])
        case .paced(let family, let pause, let cause):
            console.log(
                .debug, "requests to \(family) rest for \(Wording.duration(pause)): \(cause)",
                [.init("event", .string("paced")), .init("family", .string(family))])
        case .handedOver(let entry, let took, let words):
            let said = words.isEmpty ? "" : ": " + words.joined(separator: " | ")
            console.log(
                .debug, "--exec took \(quoted(entry.id)) in \(Wording.duration(took))\(said)",
                [.init("event", .string("recordingHandedOver")), .init("id", .string(entry.id))])
        case .handoverFailed(let entry, let attempts, let message):
            handoverFailed(entry, attempts, message)
        case .notice(let level, let text):
            console.log(level, text)
        case .runFinished:
            // The command tells the end itself: it knows the exit status too.
            break
        }
    }

    private func failed(_ id: String, _ status: ArchiveStatus, _ error: FailureRecord) {
        let level = Self.level(status)
        let reason = Failures.Reason(status: status, code: error.code)
        guard failures.withLock({ $0.admit(reason, level, limit: limit) }) else { return }
        let attempts = error.attempts > 1 ? " after \(error.attempts) attempts" : ""
        console.log(
            level,
            "recording \(quoted(id)) is \(Self.words(status))\(attempts): \(error.message)",
            [
                .init("event", .string("recordingFailed")), .init("id", .string(id)),
                .init("status", .string(status.rawValue)), .init("code", .string(error.code)),
            ])
    }

    /// One line for each reason that more recordings had than were told; at the run's end.
    package func tellLeftOut() {
        let leftOut = failures.withLock { $0.leftOut }
        for (reason, count) in leftOut.sorted(by: {
            ($1.value, $0.key.code, $0.key.status.rawValue)
                < ($0.value, $1.key.code, $1.key.status.rawValue)
        }) {
            let verb = count == 1 ? "is" : "are"
            console.log(
                Self.level(reason.status),
                "\(Wording.count(count, "more recording")) \(verb) \(Self.words(reason.status)) "
                    + "(\(reason.code)); manifest.json has each one's reason",
                [
                    .init("event", .string("recordingsFailed")),
                    .init("status", .string(reason.status.rawValue)),
                    .init("code", .string(reason.code)), .init("count", .integer(count)),
                ])
        }
    }

    /// Only what a later run may mend is an error of this one.
    private static func level(_ status: ArchiveStatus) -> NoticeLevel {
        status == .failed ? .error : .warning
    }

    private func handoverFailed(_ entry: ArchiveEntry, _ attempts: Int, _ message: String) {
        let count = handoverLines.withLock { count in
            count += 1
            return count
        }
        if count == limit + 1 { console.log(.error, "--exec failed for more recordings") }
        guard count <= limit else { return }
        let times = attempts > 1 ? " (\(Wording.count(attempts, "time")) by now)" : ""
        console.log(
            .error, "--exec failed for recording \(quoted(entry.id))\(times): \(message)",
            [
                .init("event", .string("handoverFailed")), .init("id", .string(entry.id)),
                .init("attempts", .integer(attempts)),
            ])
    }

    private static func words(_ status: ArchiveStatus) -> String {
        switch status {
        case .failed: "not archived"
        case .gone: "gone at the provider"
        case .unavailable: "not available at the provider"
        case .archived, .pending, .waiting: status.rawValue
        }
    }
}
