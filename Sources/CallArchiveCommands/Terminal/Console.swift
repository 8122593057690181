package import CallArchive
import Dispatch
package import Platform
import Synchronization

/// The one owner of standard output and standard error.
///
/// Each is written in the order in which it was handed over, on a queue of its own, so that a slow
/// reader or a stopped terminal holds up a caller only once `backlogLimit` bytes wait, and never
/// the other stream.
package final class Console: Sendable {
    /// How messages look, known once the options are.
    package struct Style: Sendable {
        package var verbosity = Options.Verbosity.normal
        package var logFormat = Options.LogFormat.text
        package var colour = false
        /// The journal reads each line's priority from its beginning.
        package var hasPriorities = false

        package init() {}
    }

    /// How standard output tells which archive it is about.
    package enum DataLabel: Sendable {
        case none
        /// As the last member of each line's object.
        case member
        /// In front of each line.
        case prefix
    }

    private struct Label {
        var archive: String?
        var data = DataLabel.none
    }

    /// What stands on the terminal; touched on the error queue only.
    private struct Screen {
        var statusLine: String?
    }

    /// How standard output ended, if it did.
    private struct OutputEnd {
        var isClosed = false
        var trouble: Int32?
    }

    private static let backlogLimit = 4 << 20
    /// Erases the line the cursor is on.
    private static let erase = "\r\u{1b}[K"

    private let output: ByteSink
    private let error: ByteSink
    /// Data on standard output would run into the status line.
    private let sharesTerminal: Bool
    private let now: @Sendable () -> Timestamp
    private let errorQueue = DispatchQueue(label: "callarchive.console.error")
    /// The same one when both are one terminal.
    private let outputQueue: DispatchQueue
    private let style = Locked(Style())
    private let label = Locked(Label())
    private let screen = Locked(Screen())
    private let end = Locked(OutputEnd())
    private let outputBacklog = Counter()
    private let errorBacklog = Counter()
    private let hurried = Locked(false)
    private let abandoned = Locked(false)

    package init(
        output: @escaping ByteSink, error: @escaping ByteSink, sharesTerminal: Bool = false,
        now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        self.output = output
        self.error = error
        self.sharesTerminal = sharesTerminal
        self.now = now
        outputQueue =
            sharesTerminal ? errorQueue : DispatchQueue(label: "callarchive.console.output")
    }

    package func setStyle(_ new: Style) {
        style.withLock { $0 = new }
    }

    /// Says with each message which of several archives it is about; nil for none.
    package func setArchive(_ name: String?, data: DataLabel) {
        label.withLock { $0 = Label(archive: name, data: data) }
    }

    /// Columns that the archive's name takes from a line.
    package var labelWidth: Int { prefix.count }

    /// `acme: `.
    private var prefix: String { label.withLock { $0.archive }.map { "\($0): " } ?? "" }

    // MARK: - Data

    /// Whole lines for standard output.
    package func data(_ line: [UInt8]) {
        let bytes = labelled(line)
        submit(bytes.count, to: outputQueue) { [self] in
            guard !outputIsClosed else { return }
            let covered = sharesTerminal ? screen.withLock { $0.statusLine } : nil
            if covered != nil { _ = error(Array(Self.erase.utf8)) }
            switch output(bytes) {
            case .written: break
            case .closed: end.withLock { $0.isClosed = true }
            case .failed(let code): end.withLock { $0 = OutputEnd(isClosed: true, trouble: code) }
            }
            if let covered { _ = error(Array(covered.utf8)) }
        }
    }

    /// A line of JSON ends in `}` and a line feed.
    private func labelled(_ line: [UInt8]) -> [UInt8] {
        let label = label.withLock { $0 }
        guard let archive = label.archive else { return line }
        switch label.data {
        case .none: return line
        case .prefix: return Array("\(archive): ".utf8) + line
        case .member:
            guard line.suffix(2).elementsEqual("}\n".utf8) else { return line }
            return line.dropLast(2) + Array(",\"archiveName\":\"\(archive)\"}\n".utf8)
        }
    }

    package func data(_ text: String) {
        data(Array(text.utf8))
    }

    /// Nobody takes what goes to standard output any more.
    package var outputIsClosed: Bool { end.withLock { $0.isClosed } }

    /// The errno with which standard output failed; a reader that left is no failure.
    package var outputTrouble: Int32? { end.withLock { $0.trouble } }

    // MARK: - Messages

    /// The verbosity lets lines of this level through.
    package func shows(_ level: NoticeLevel) -> Bool {
        level.passes(style.withLock { $0 }.verbosity)
    }

    /// A line of the log, if the verbosity lets it through.
    package func log(
        _ level: NoticeLevel, _ message: String, _ members: [JSONValue.Member] = []
    ) {
        let style = style.withLock { $0 }
        guard level.passes(style.verbosity) else { return }
        switch style.logFormat {
        case .json:
            show(
                OutputShapes.log(level, message, members + archiveMember, at: now()), level, style)
        case .text:
            let mark = Self.mark(level, colour: style.colour)
            show(Array("\(mark)\(prefix)\(escaped(message))\n".utf8), level, style)
        }
    }

    /// What stopped a command; shown in any case.
    package func fail(_ failure: ArchiveError) {
        let style = style.withLock { $0 }
        switch style.logFormat {
        case .json:
            show(
                OutputShapes.log(
                    .error, ErrorText.headline(failure),
                    ErrorText.members(failure) + archiveMember, at: now()), .error, style)
        case .text:
            let text = ErrorText.render(failure)
            let plain = Self.mark(.error, colour: false)
            let marked =
                Self.mark(.error, colour: style.colour) + prefix + text.dropFirst(plain.count)
            show(Array(marked.utf8), .error, style)
        }
    }

    /// The one line at the end; hidden by `--quiet`.
    package func summary(_ text: String, _ members: [JSONValue.Member]) {
        let style = style.withLock { $0 }
        guard style.verbosity != .quiet else { return }
        switch style.logFormat {
        case .json:
            show(OutputShapes.log(.info, text, members + archiveMember, at: now()), .info, style)
        case .text: show(Array("callarchive: \(prefix)\(escaped(text))\n".utf8), .info, style)
        }
    }

    /// Text for standard error as it is, as a help page.
    package func note(_ text: String) {
        show(text)
    }

    private var archiveMember: [JSONValue.Member] {
        label.withLock { $0.archive }.map { [.init("archiveName", .string($0))] } ?? []
    }

    /// Shows, changes or (nil) takes away the line that stands below all messages.
    package func showStatusLine(_ text: String?) {
        let line = text.map { prefix + $0 }
        submit(line?.utf8.count ?? 0, to: errorQueue) { [self] in
            let isNew = screen.withLock { screen in
                defer { screen.statusLine = line }
                return screen.statusLine != line
            }
            if isNew { _ = error(Array((Self.erase + (line ?? "")).utf8)) }
        }
    }

    // MARK: - The end

    /// From now on nothing waits for a slow reader: what it doesn't take is dropped.
    package func hurry() {
        hurried.withLock { $0 = true }
    }

    /// Returns when everything handed over is written, or, in a hurry, after a second at most.
    package func finish() {
        showStatusLine(nil)
        let group = DispatchGroup()
        for queue in [outputQueue, errorQueue] { queue.async(group: group) {} }
        var patience = abandoned.withLock { $0 } ? 1 : 10
        while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if hurried.withLock({ $0 }) { patience -= 1 }
            if patience == 0 {
                // The next call need not wait for it all over again.
                abandoned.withLock { $0 = true }
                return
            }
        }
    }

    // MARK: - Parts

    /// Whole lines, each with the journal's priority where that is wanted.
    private func show(_ lines: [UInt8], _ level: NoticeLevel, _ style: Style) {
        show(style.hasPriorities ? JournalPriority.mark(lines, level) : lines)
    }

    private func show(_ text: String) {
        show(Array(text.utf8))
    }

    private func show(_ bytes: [UInt8]) {
        submit(bytes.count, to: errorQueue) { [self] in
            // In one write, so that the status line doesn't flicker.
            let line = screen.withLock { $0.statusLine }
            _ = error(line.map { Array(Self.erase.utf8) + bytes + $0.utf8 } ?? bytes)
        }
    }

    private func submit(
        _ size: Int, to queue: DispatchQueue, _ work: @escaping @Sendable () -> Void
    ) {
        let isOutput = queue === outputQueue
        let backlog = isOutput ? outputBacklog : errorBacklog
        while backlog.value > Self.backlogLimit {
            if hurried.withLock({ $0 }) { return }
            DispatchSemaphore(value: 0).waitBriefly()
        }
        backlog.add(size)
        queue.async {
            work()
            backlog.add(-size)
        }
    }

    /// `error: ` or `warning: `, bright on a terminal.
    private static func mark(_ level: NoticeLevel, colour: Bool) -> String {
        let (word, code): (String, String)
        switch level {
        case .error: (word, code) = ("error: ", "\u{1b}[1;31m")
        case .warning: (word, code) = ("warning: ", "\u{1b}[1;33m")
        case .info, .debug: return ""
        }
        return colour ? code + word + "\u{1b}[0m" : word
    }
}

extension NoticeLevel {
    fileprivate func passes(_ verbosity: Options.Verbosity) -> Bool {
        switch self {
        case .error: true
        case .warning: verbosity != .quiet
        case .info, .debug: verbosity == .verbose
        }
    }
}

extension DispatchSemaphore {
    /// A few milliseconds; nobody signals.
    fileprivate func waitBriefly() {
        _ = wait(timeout: .now() + .milliseconds(5))
    }
}
