package import CallArchive
import Platform
import Synchronization

/// `list`, and `sync --dry-run`: what the provider has, and what a sync would do with each.
package struct ListCommand: Sendable {
    private let options: Options
    private let settings: SyncSettings
    private let context: CommandContext

    package init(options: Options, settings: SyncSettings, context: CommandContext) {
        self.options = options
        self.settings = settings
        self.context = context
    }

    package func run() -> ExitStatus {
        let console = context.console
        let reporter = SyncReporter(
            console: console, json: false, now: context.surroundings.now)
        let preview = context.engine.preview(settings, reporter)
        let signalled = Locked<Int32?>(nil)
        let watch = SignalWatch { signal in
            signalled.withLock { $0 = signal }
            console.hurry()
            preview.interrupt(signal: signal)
        }
        let status: ExitStatus
        do throws(ArchiveError) {
            let (isComplete, counts) = try walk(preview)
            status = try finish(
                isComplete: isComplete, counts: counts, signal: signalled.withLock { $0 })
        } catch {
            if let signal = signalled.withLock({ $0 }) {
                status = ExitStatus(signal: signal)
            } else {
                console.fail(error)
                status = ExitStatus(error.kind)
            }
        }
        console.finish()
        watch.cancel()
        return status
    }

    private func walk(
        _ preview: any PreviewRunning
    ) throws(ArchiveError) -> (Bool, [PreviewAction: Int]) {
        let console = context.console
        let (width, paint) = (context.outputWidth, context.paint)
        var counts: [PreviewAction: Int] = [:]
        var isStopped = false
        if width != nil, !options.json { console.data(PreviewLine.header) }
        let isComplete = try preview.run { row in
            counts[row.action, default: 0] += 1
            console.data(
                options.json
                    ? OutputShapes.preview(row)
                    : Array(PreviewLine.render(row, width: width, paint: paint).utf8))
            // As after `| head`: nobody wants the rest.
            if console.outputIsClosed, !isStopped {
                isStopped = true
                preview.interrupt(signal: 15)
            }
        }
        return (isComplete, counts)
    }

    private func finish(
        isComplete: Bool, counts: [PreviewAction: Int], signal: Int32?
    ) throws(ArchiveError) -> ExitStatus {
        let console = context.console
        if let signal { return ExitStatus(signal: signal) }
        // Only now it is known whether the last rows went out.
        console.finish()
        // Nobody wants the rest; a full disk behind it is told where all commands end.
        if console.outputIsClosed { return .success }
        guard isComplete else {
            throw ArchiveError(
                .unreachable, "the listing did not reach its end",
                why: "recordings on later pages are not shown", hint: "run it again")
        }
        console.summary(
            Self.totals(counts),
            [.init("event", .string("listFinished"))]
                + PreviewAction.allCases.map { .init($0.rawValue, .integer(counts[$0] ?? 0)) })
        return .success
    }

    /// As `1,034 listed: 128 to download, 904 archived already, 2 to wait for`.
    private static func totals(_ counts: [PreviewAction: Int]) -> String {
        let parts = PreviewAction.allCases.compactMap { action -> String? in
            guard let count = counts[action], count > 0 else { return nil }
            return "\(Wording.count(count)) \(words(action))"
        }
        let total = Wording.count(counts.values.reduce(0, +), "recording")
        return parts.isEmpty
            ? "\(total) listed" : "\(total) listed: \(parts.joined(separator: ", "))"
    }

    private static func words(_ action: PreviewAction) -> String {
        switch action {
        case .download: "to download"
        case .resume: "to resume"
        case .skip: "archived already"
        case .wait: "to wait for"
        case .retry: "to try again"
        case .gone: "gone"
        case .unavailable: "unavailable"
        case .outside: "outside --since and --until"
        }
    }
}
