import CallArchive
import CallArchiveCommands
import Dispatch
import FoundationEssentials
import Glibc
import Platform
import Synchronization
import Testing
import Transfer

extension CommandTests {
    @Suite final class ProgramTests: Sendable {
        private let output = Capture()
        private let error = Capture()
        private let received = Locked<SyncSettings?>(nil)

        private static let account = [
            "CALLARCHIVE_USER_ID": "u-123", "CALLARCHIVE_TOKEN": "t-canary",
            "CALLARCHIVE_SECRET": "s-canary",
        ]

        private func run(
            _ line: String, environment: [String: String] = account,
            script: FakeEngine.Script = FakeEngine.Script(), isTerminal: Bool = false
        ) -> Int32 {
            let make: @Sendable (SyncSettings, any SyncObserver) -> FakeEngine = {
                [self] settings, observer in
                received.withLock { $0 = settings }
                return FakeEngine(settings, observer, script)
            }
            let program = Program(
                console: Console(output: output.sink, error: error.sink, now: { someMoment }),
                surroundings: Surroundings(
                    environment: environment, now: { someMoment },
                    standardOutputIsTerminal: isTerminal, standardErrorIsTerminal: isTerminal),
                engine: Engine(sync: make, preview: make), width: { _ in isTerminal ? 60 : nil })
            let status = program.run(arguments: line.split(separator: " ").map(String.init))
            #expect(!error.text.contains("canary") && !output.text.contains("canary"))
            return status
        }

        private var good: FakeEngine.Script {
            var script = FakeEngine.Script()
            script.outcome.listingComplete = true
            script.outcome.newlyArchived = 2
            script.outcome.newBytes = 4096
            script.outcome.summary.archived = 3
            script.outcome.elapsed = .seconds(41)
            script.events = [
                .runStarted(run: 1, archive: "/srv/calls", account: "u-123"),
                .pageListed(page: 1, rows: 3), .notice(.info, "a fact"),
                .recordingArchived(ArchiveEntry(id: "r-1", status: .archived)),
                .retrying(id: "r-2", attempt: 2, after: .seconds(1), cause: "HTTP 503"),
            ]
            return script
        }

        private let failure = FailureRecord(code: "http-500", message: "HTTP 500", attempts: 6)

        // MARK: - Help and version

        @Test func `alone it shows how to use it, on standard error`() {
            #expect(run("") == 2)
            #expect(error.text == HelpPage.hint())
            #expect(output.text.isEmpty)
        }

        @Test(arguments: [
            ("--version", "callarchive 0.1.0\n"), ("-V", "callarchive 0.1.0\n"),
            ("sync --version", "callarchive 0.1.0\n"), ("--help", HelpPage.program()),
            ("help", HelpPage.program()), ("-h", HelpPage.program()),
            ("help sync", HelpPage.command(.sync, isLong: true)),
            ("sync --help", HelpPage.command(.sync, isLong: true)),
            ("sync --retries -h", HelpPage.command(.sync, isLong: false)),
            ("help --man", ManPage.render()), ("help --completions zsh", Completions.render(.zsh)),
        ])
        func `help goes to standard output, whatever the environment says`(
            line: String, expected: String
        ) {
            let environment = ["CALLARCHIVE_CONFIG": "/nonexistent", "CALLARCHIVE_QUIET": "maybe"]
            #expect(run(line, environment: environment) == 0)
            #expect(output.text == expected)
            #expect(error.text.isEmpty)
        }

        @Test func `help for nothing known is an error`() {
            #expect(run("help snyc") == 2)
            #expect(error.text.contains("did you mean callarchive sync?"))
        }

        // MARK: - Sync

        @Test func `without trouble a sync prints one line`() {
            #expect(run("sync /srv/calls", script: good) == 0)
            #expect(
                error.text
                    == "callarchive: 2 archived (4.0 KiB), 3 in all, none failed, in 41 s\n")
            #expect(output.text.isEmpty)
        }

        @Test func `without trouble a quiet sync prints nothing`() {
            #expect(run("sync -q", script: good) == 0)
            #expect(error.text.isEmpty && output.text.isEmpty)
        }

        @Test func `a verbose sync tells its steps`() throws {
            #expect(run("sync --verbose", script: good) == 0)
            try expectSnapshot(error.text, "sync-verbose.txt")
        }

        @Test func `the settings arrive, with credentials`() throws {
            _ = run(
                "sync --concurrency 4 --base-url http://127.0.0.1:1/v1/ /srv/calls", script: good)
            let settings = try #require(received.withLock { $0 })
            #expect(settings.archive == "/srv/calls" && settings.account == "u-123")
            #expect(settings.concurrency == 4 && settings.baseURL == "http://127.0.0.1:1/v1")
            #expect(settings.credentials.token.reveal() == "t-canary")
            #expect(settings.credentials.secret.reveal() == "s-canary")
        }

        @Test func `events go to standard output, the summary to standard error`() throws {
            #expect(run("sync --json", script: good) == 0)
            struct Event: Decodable { let event: String, exitStatus: Int? }
            let events = try output.lines.map { line in
                try JSONDecoder().decode(Event.self, from: Data(line.utf8))
            }
            #expect(
                events.map(\.event) == [
                    "runStarted", "pageListed", "recordingArchived", "retrying", "runFinished",
                ])
            #expect(events.last?.exitStatus == 0)
            #expect(error.lines.count == 1)
        }

        @Test func `failures are errors, gone recordings warnings`() {
            var script = good
            script.events += [
                .recordingFailed(id: "r-2\u{1b}", status: .failed, error: failure),
                .recordingFailed(
                    id: "r-3", status: .gone,
                    error: FailureRecord(code: "http-404", message: "HTTP 404", attempts: 1)),
            ]
            script.outcome.newlyFailed = 1
            #expect(run("sync", script: script) == 3)
            #expect(
                error.lines.dropLast() == [
                    #"error: recording 'r-2\x1b' is not archived after 6 attempts: HTTP 500"#,
                    "warning: recording 'r-3' is gone at the provider: HTTP 404",
                ])
        }

        @Test func `a thousand failures don't fill a mail`() {
            var script = good
            script.events = (0..<1000).map {
                .recordingFailed(id: "r-\($0)", status: .failed, error: failure)
            }
            script.outcome.newlyFailed = 1000
            #expect(run("sync", script: script) == 3)
            // Five, the rest as a number, the summary.
            #expect(error.lines.count == 7)
            #expect(
                error.lines[5]
                    == "error: 995 more recordings are not archived (http-500); manifest.json has "
                    + "each one's reason")
            #expect(run("sync -v", script: script) == 3)
            #expect(error.lines.count > 1005)
            // That of the first run.
            #expect(error.lines.count { $0.contains("more recordings are") } == 1)
        }

        @Test func `one reason that many have doesn't hide the others`() {
            var script = good
            script.events = (0..<60).map { number in
                let code = "code-\(number % 10)"
                return .recordingFailed(
                    id: "r-\(number)", status: .failed,
                    error: FailureRecord(code: code, message: "of \(code)", attempts: 1))
            }
            script.outcome.newlyFailed = 60
            #expect(run("sync", script: script) == 3)
            #expect(error.lines.count { $0.contains("is not archived: of") } == 20)
            let rest = error.lines.filter { $0.contains("more recordings are not archived") }
            #expect(rest.count == 10 && rest.first?.hasPrefix("error: 4 more") == true)
        }

        @Test func `warnings that are hidden don't hide errors`() {
            let gone = FailureRecord(code: "http-404", message: "HTTP 404", attempts: 1)
            var script = good
            script.events = (0..<100).map {
                .recordingFailed(id: "g-\($0)", status: .gone, error: gone)
            }
            script.events.append(.recordingFailed(id: "r-1", status: .failed, error: failure))
            script.outcome.newlyFailed = 1
            #expect(run("sync -q", script: script) == 3)
            #expect(error.lines.count == 1)
        }

        @Test func `an error after a signal leaves the signal's status`() {
            var script = good
            script.error = ArchiveError(.locked, "cannot lock", why: "another run holds it")
            script.beforeWaiting = { kill(getpid(), SIGTERM) }
            #expect(run("sync", script: script) == 143)
        }

        @Test func `an error that stops the run is shown with its status`() {
            var script = good
            script.outcome.error = ArchiveError(
                .storage, "cannot write 'x'", why: "no space left", hint: "make room")
            #expect(run("sync -q", script: script) == 6)
            #expect(error.text == "error: cannot write 'x': no space left\n  hint: make room\n")
        }

        @Test func `a run that cannot begin ends its events all the same`() {
            var script = good
            script.events = []
            script.error = ArchiveError(.locked, "cannot lock", why: "another run holds it")
            #expect(run("sync --json", script: script) == 7)
            #expect(output.lines.count == 1)
            #expect(output.text.contains(#""event":"runFinished","summary":null,"exitStatus":7"#))
            #expect(error.text == "error: cannot lock: another run holds it\n")
        }

        @Test func `a listing that did not end is an error even when quiet`() {
            var script = good
            script.outcome.listingComplete = false
            #expect(run("sync -q", script: script) == 5)
            #expect(error.text.hasPrefix("error: the listing did not reach its end"))
        }

        @Test func `a budget that is used up is no error`() {
            var script = good
            script.outcome.budgetReached = true
            #expect(run("sync -q --max-files 2", script: script) == 9)
            #expect(error.text.isEmpty)
        }

        @Test func `with a JSON log everything on standard error is JSON, usage errors too`() throws
        {
            #expect(run("sync --log-format=json", script: good) == 0)
            #expect(run("sync --log-format json --bogus") == 2)
            struct Line: Decodable { let level: String, message: String, exitStatus: Int? }
            let lines = try error.lines.map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.map(\.level) == ["info", "error"])
            #expect(lines.first?.exitStatus == 0)
        }

        // MARK: - Warnings and missing things

        @Test func `http to another machine is warned of`() {
            #expect(run("sync --base-url http://api.example.com", script: good) == 0)
            #expect(
                error.lines.first?.hasPrefix("warning: the API's token and secret cross") == true)
        }

        @Test func `a credentials file that is not used is warned of`() {
            #expect(run("sync --credentials-file /nonexistent", script: good) == 0)
            #expect(
                error.lines.first
                    == "warning: --credentials-file is not used: CALLARCHIVE_TOKEN and "
                    + "CALLARCHIVE_SECRET are set and go before it")
        }

        @Test func `user id and credentials are needed`() {
            #expect(run("sync", environment: [:]) == 2)
            #expect(error.text.hasPrefix("error: no user id"))
            #expect(run("list --user-id u", environment: [:]) == 2)
            #expect(error.text.contains("error: no credentials for"))
        }

        // MARK: - The terminal

        @Test func `on a terminal there is a progress line, and at the end there is none`() {
            var script = good
            script.progress.filesTotal = 5
            script.pause = .milliseconds(700)
            #expect(run("sync", script: script, isTerminal: true) == 0)
            #expect(error.text.contains("\r\u{1b}[K0/5+ files\r\u{1b}[K"))
            #expect(error.text.hasSuffix("in 41 s\n"))
        }

        @Test(arguments: [
            ("sync --progress never", true, "xterm"), ("sync", false, "xterm"),
            ("sync", true, "dumb"), ("sync --log-format json", true, "xterm"),
            ("sync -q", true, "xterm"),
        ])
        func `there is none where it would be in the way`(
            line: String, isTerminal: Bool, term: String
        ) {
            var script = good
            script.pause = .milliseconds(500)
            var environment = Self.account
            environment["TERM"] = term
            #expect(
                run(line, environment: environment, script: script, isTerminal: isTerminal) == 0)
            #expect(!error.text.contains("\r"))
        }

        // MARK: - List

        private var listing: FakeEngine.Script {
            var script = FakeEngine.Script()
            script.rows = PreviewAction.allCases.enumerated().map { index, action in
                var entry = ArchiveEntry(id: "r-\(index)", status: .pending)
                entry.state = "complete"
                entry.startTime = "2013-02-08T13:15:0\(index).587Z"
                return PreviewRow(entry: entry, action: action)
            }
            return script
        }

        @Test(arguments: ["list", "sync --dry-run"])
        func `a listing is a line per recording and a summary`(line: String) throws {
            #expect(run(line, script: listing) == 0)
            try expectSnapshot(output.text + error.text, "list.txt")
        }

        @Test func `a terminal gets headings, a pipe doesn't`() {
            #expect(run("list", script: listing, isTerminal: true) == 0)
            #expect(output.lines.first == "ACTION       STATE      START (UTC)          ID")
            #expect(output.lines.count == PreviewAction.allCases.count + 1)
        }

        @Test func `a JSON listing is an object a line`() throws {
            #expect(run("list --json -q", script: listing) == 0)
            struct Row: Decodable { let id: String, action: String }
            let rows = try output.lines.map {
                try JSONDecoder().decode(Row.self, from: Data($0.utf8))
            }
            #expect(rows.map(\.action) == PreviewAction.allCases.map(\.rawValue))
            #expect(error.text.isEmpty)
        }

        @Test func `a walk without end is 5`() {
            var script = listing
            script.isComplete = false
            #expect(run("list", script: script) == 5)
            #expect(error.text.hasPrefix("error: the listing did not reach its end"))
        }

        @Test func `a listing that nobody reads further is no failure, one on a full disk is`() {
            output.refuse(with: .closed)
            #expect(run("list", script: listing) == 0)
            #expect(error.text.isEmpty)
            output.refuse(with: .failed(ENOSPC))
            #expect(run("list", script: listing) == 6)
            #expect(error.text.hasPrefix("error: cannot write to standard output"))
            var script = listing
            script.isComplete = false
            #expect(run("list", script: script) == 6)
        }

        // MARK: - Signals

        @Test(arguments: [
            (SIGINT, 130, "SIGINT"), (SIGTERM, 143, "SIGTERM"), (SIGHUP, 143, "SIGHUP"),
        ])
        func `a signal stops the run in good order`(number: Int32, status: Int32, name: String) {
            var script = good
            script.beforeWaiting = { kill(getpid(), number) }
            #expect(run("sync --json", script: script) == status)
            #expect(error.lines.last?.contains("stopped by \(name)") == true)
            #expect(output.lines.last?.contains("\"exitStatus\":\(status)") == true)
            #expect(run("list", script: script) == status)
        }

        @Test func `a second signal ends at once`() {
            let seen = Locked<[String]>([])
            let watch = SignalWatch(
                first: { number in seen.withLock { $0.append("first \(number)") } },
                again: { number in seen.withLock { $0.append("again \(number)") } })
            kill(getpid(), SIGINT)
            waitUntil { seen.withLock { $0.count } == 1 }
            kill(getpid(), SIGTERM)
            waitUntil { seen.withLock { $0.count } == 2 }
            #expect(seen.withLock { $0 } == ["first 2", "again 15"])
            watch.cancel()
        }

        private func waitUntil(_ condition: () -> Bool) {
            for _ in 0..<500 where !condition() { usleep(10_000) }
        }
    }
}
