import CallArchive
package import Platform

/// A command on several archives of the configuration file, one after the other.
struct ArchivesCommand: Sendable {
    private let command: Command
    private let archives: [Options]
    private let context: CommandContext

    /// `archives` are the options of each, named, in the file's order.
    init(_ command: Command, archives: [Options], context: CommandContext) {
        self.command = command
        self.archives = archives
        self.context = context
    }

    /// One's failure doesn't keep the others from their turn; a signal does.
    func run(
        _ each: (Options) throws(ArchiveError) -> ExitStatus
    ) -> ExitStatus {
        let console = context.console
        let json = archives.contains(where: \.json)
        var ended: [(name: String, status: ExitStatus)] = []
        for options in archives {
            let name = options.archiveName ?? ""
            console.setArchive(name, data: json ? .member : command == .verify ? .prefix : .none)
            let isQuietDoctor = command == .doctor && options.verbosity == .quiet
            let hasHeading =
                command == .status || command == .doctor || options.dryRun
            if !json, hasHeading, !isQuietDoctor {
                console.data("\(ended.isEmpty ? "" : "\n")== \(name) ==\n")
            }
            do throws(ArchiveError) {
                ended.append((name, try each(options)))
            } catch {
                console.fail(error)
                ended.append((name, ExitStatus(error.kind)))
            }
            if let last = ended.last, last.status.isInterruption { break }
        }
        console.setArchive(nil, data: .none)
        let status = ExitStatus.worst(ended.map(\.status))
        if json, command == .sync {
            console.data(
                OutputShapes.allFinished(ended, status: status, at: context.surroundings.now()))
        }
        if archives.count > 1 { tellTotal(ended, status) }
        return status
    }

    /// As `2 of 3 archives in order; globex ended with status 5`.
    private func tellTotal(_ ended: [(name: String, status: ExitStatus)], _ status: ExitStatus) {
        let good = ended.filter { $0.status == .success }.count
        var text =
            "\(Wording.count(good)) of \(Wording.count(archives.count, "archive")) in order"
        for (name, status) in ended where status != .success {
            text += "; \(name) ended with status \(status.code)"
        }
        let left = archives.count - ended.count
        if left > 0 { text += "; \(Wording.count(left)) not begun" }
        context.console.summary(text, OutputShapes.totals(ended, status: status))
    }
}

extension OutputShapes {
    /// The last line of a sync of several archives.
    package static func allFinished(
        _ ended: [(name: String, status: ExitStatus)], status: ExitStatus, at time: Timestamp
    ) -> [UInt8] {
        JSONValue.object(
            [
                .init("schema", .string(eventSchema)),
                .init("time", .string(time.iso8601Milliseconds)),
            ] + totals(ended, status: status)
        ).line
    }

    /// The event's name, the exit status, and each archive's own.
    static func totals(
        _ ended: [(name: String, status: ExitStatus)], status: ExitStatus
    ) -> [JSONValue.Member] {
        [
            .init("event", .string("allFinished")),
            .init("exitStatus", .integer(Int64(status.code))),
            .init(
                "archives",
                .array(
                    ended.map { name, status in
                        .object([
                            .init("archiveName", .string(name)),
                            .init("exitStatus", .integer(Int64(status.code))),
                        ])
                    })),
        ]
    }
}
