package import CallArchive
package import Platform

/// All JSON that the commands print: events, log lines, preview rows.
///
/// Members may be added to a shape; none is taken away or changed under the same schema name.
package enum OutputShapes {
    package static let eventSchema = "callarchive.event/1"

    /// The event's line; nil for what is not told on standard output.
    package static func event(_ event: SyncEvent, at time: Timestamp) -> [UInt8]? {
        switch event {
        case .runStarted(let run, let archive, let account):
            line(
                "runStarted", time,
                [
                    .init("run", .integer(run)), .init("archive", .string(archive)),
                    .init("account", .string(account)),
                ])
        case .pageListed(let page, let rows):
            line(
                "pageListed", time, [.init("page", .integer(page)), .init("rows", .integer(rows))])
        case .recordingArchived(let entry):
            line(
                "recordingArchived", time,
                [.init("recording", .encoded(ManifestEntryJSON.bytes(entry)))])
        case .recordingFailed(let id, let status, let error):
            line(
                "recordingFailed", time,
                [
                    .init("id", .string(id)), .init("status", .string(status.rawValue)),
                    .init("error", .encoded { ManifestEntryJSON.append(error, to: &$0) }),
                ])
        case .retrying(let id, let attempt, let after, let cause):
            line(
                "retrying", time,
                [
                    .init("id", .string(id)), .init("attempt", .integer(attempt)),
                    .init("afterSeconds", .number(Wording.seconds(after))),
                    .init("cause", .string(cause)),
                ])
        case .paced(let family, let pause, let cause):
            line(
                "paced", time,
                [
                    .init("family", .string(family)),
                    .init("pauseSeconds", .number(Wording.seconds(pause))),
                    .init("cause", .string(cause)),
                ])
        case .handedOver(let entry, let took, _):
            line(
                "recordingHandedOver", time,
                handover(entry) + [.init("seconds", .number(Wording.seconds(took)))])
        case .handoverFailed(let entry, let attempts, let message):
            line(
                "handoverFailed", time,
                handover(entry) + [
                    .init("attempts", .integer(attempts)), .init("message", .string(message)),
                ])
        case .notice, .runFinished: nil
        }
    }

    /// Which file it was; `sequence` tells it from an earlier one of the same recording.
    private static func handover(_ entry: ArchiveEntry) -> [JSONValue.Member] {
        [
            .init("id", .string(entry.id)),
            .init("sequence", entry.sequence.map { .integer($0) } ?? .null),
            .init("file", .string(entry.file)),
        ]
    }

    /// The last line; `outcome` is nil when the run ended before it could begin.
    package static func runFinished(
        _ outcome: SyncOutcome?, error: ArchiveError?, status: ExitStatus,
        figures: ArchiveFigures? = nil, at time: Timestamp
    ) -> [UInt8] {
        line(
            "runFinished", time, ending(outcome, error: error, status: status, figures: figures))
    }

    /// The members of the run's end, for the event and the summary's log line.
    package static func ending(
        _ outcome: SyncOutcome?, error: ArchiveError?, status: ExitStatus,
        figures: ArchiveFigures? = nil
    ) -> [JSONValue.Member] {
        [
            .init("summary", outcome.map(summary) ?? .null),
            .init("exitStatus", .integer(Int64(status.code))),
            .init("listingComplete", .bool(outcome?.listingComplete ?? false)),
            .init("newlyArchived", .integer(outcome?.newlyArchived ?? 0)),
            .init("newBytes", .integer(outcome?.newBytes ?? 0)),
            .init("newlyFailed", .integer(outcome?.newlyFailed ?? 0)),
            .init("handedOver", .integer(outcome?.handedOver ?? 0)),
            .init("handoversFailed", .integer(outcome?.handoversFailed ?? 0)),
            .init("handoversLeft", .integer(outcome?.handoversLeft ?? 0)),
            .init("budgetReached", .bool(outcome?.budgetReached ?? false)),
            .init("requests", .integer(outcome?.requests ?? 0)),
            .init("retries", .integer(outcome?.retries ?? 0)),
            .init("refused", .integer(outcome?.refused ?? 0)),
            .init("elapsedSeconds", .number(Wording.seconds(outcome?.elapsed ?? .zero))),
            .init("atRiskCount", figures.map { .integer($0.atRiskCount) } ?? .null),
            .init("atRisk", .array(figures?.atRisk.map(risk) ?? [])),
            .init("error", error.map { .object(ErrorText.members($0)) } ?? .null),
        ]
    }

    /// The manifest's entry with what a sync would do as one more member.
    package static func preview(_ row: PreviewRow) -> [UInt8] {
        JSONValue.encoded { text in
            text.raw("{")
            ManifestEntryJSON.appendMembers(row.entry, to: &text)
            text.raw(",")
            text.key("action")
            text.string(row.action.rawValue)
            text.raw("}")
        }.line
    }

    /// A line of the JSON log.
    package static func log(
        _ level: NoticeLevel, _ message: String, _ members: [JSONValue.Member], at time: Timestamp
    ) -> [UInt8] {
        JSONValue.object(
            [
                .init("time", .string(time.iso8601Milliseconds)),
                .init("level", .string(level.rawValue)),
                .init("message", .string(message)),
            ] + members
        ).line
    }

    private static func line(
        _ name: String, _ time: Timestamp, _ members: [JSONValue.Member]
    ) -> [UInt8] {
        JSONValue.object(
            [
                .init("schema", .string(eventSchema)),
                .init("time", .string(time.iso8601Milliseconds)),
                .init("event", .string(name)),
            ] + members
        ).line
    }

    private static func summary(_ outcome: SyncOutcome) -> JSONValue {
        .encoded { ManifestDocument.append(outcome.summary, to: &$0) }
    }
}
