package import CallArchive
package import Platform

/// Shows a run's events: as lines of the log, and as NDJSON when `json` is set.
package final class SyncReporter: SyncObserver {
    /// Lines of each level for recordings that are not archived, before the rest is left out.
    package static let usualLimit = 20

    private let console: Console
    private let json: Bool
    private let now: @Sendable () -> Timestamp
    private let limit: Int
    private let lines = Locked<[NoticeLevel: Int]>([:])
    private let handoverLines = Locked(0)

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
        // Only what a later run may mend is an error of this one.
        let level: NoticeLevel = status == .failed ? .error : .warning
        let count = lines.withLock { lines in
            lines[level, default: 0] += 1
            return lines[level, default: 0]
        }
        guard count <= limit else {
            if count == limit + 1 {
                console.log(
                    level, "more recordings are like this; the manifest has each one's reason")
            }
            return
        }
        let attempts = error.attempts > 1 ? " after \(error.attempts) attempts" : ""
        console.log(
            level,
            "recording \(quoted(id)) is \(Self.words(status))\(attempts): \(error.message)",
            [
                .init("event", .string("recordingFailed")), .init("id", .string(id)),
                .init("status", .string(status.rawValue)), .init("code", .string(error.code)),
            ])
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
