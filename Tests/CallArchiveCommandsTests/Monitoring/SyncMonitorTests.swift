import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Glibc
import Platform
import Testing

extension CommandTests {
    /// What the metrics file and the pings say, for whole runs.
    @Suite struct SyncMonitorTests {
        private let archive: SimulatedArchive
        private let receiver: PingReceiver
        private let scratch: ScratchFolder

        init() throws {
            archive = try SimulatedArchive()
            receiver = try PingReceiver()
            scratch = try ScratchFolder()
        }

        private var metricsPath: String { scratch.path + "/calls.prom" }
        private var watched: String {
            "sync --metrics-file \(metricsPath) --ping-url \(receiver.base)/canary?create=1"
        }

        /// The samples, without labels of the archive, by name.
        private func metrics() throws -> [String: Double] {
            let text = try String(contentsOfFile: metricsPath, encoding: .utf8)
            var samples: [String: Double] = [:]
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let parts = line.split(separator: " ")
                let name = parts[0].prefix { $0 != "{" }.dropFirst("callarchive_".count)
                let status = parts[0].firstRange(of: ",status=\"").map {
                    "." + parts[0][$0.upperBound...].dropLast(2)
                }
                samples[name + (status ?? "")] = Double(parts[1])
            }
            return samples
        }

        @Test func `a good run`() throws {
            let ended = archive.run(watched)
            #expect(ended.status == 0 && ended.error.lines.count == 1)
            let metrics = try metrics()
            #expect(metrics["last_run_exit_status"] == 0)
            #expect(metrics["recordings.archived"] == 8 && metrics["recordings.waiting"] == 2)
            #expect(metrics["last_run_archived_recordings"] == 8)
            #expect(metrics["archived_bytes"] == 131_072)
            #expect(metrics["last_run_archived_bytes"] == 131_072)
            #expect(metrics["last_run_requests"] == 9)
            #expect(metrics["last_run_listing_complete"] == 1)
            let now = Double(Timestamp.now().seconds)
            let success = try #require(metrics["last_success_timestamp_seconds"])
            #expect(success > now - 60 && success <= now + 1)
            let age = try #require(metrics["oldest_unarchived_age_seconds"])
            let left = try #require(metrics["oldest_unarchived_retention_left_seconds"])
            #expect(abs(age + left - 30 * 86_400) < 1)
            #expect(
                receiver.lines == ["POST /canary/start?create=1", "POST /canary?create=1"])
            #expect(
                receiver.pings.map(\.body) == [
                    "callarchive 0.1.0: run 1 has begun\n",
                    "exit status 0\n" + ended.error.text,
                ])
        }

        @Test func `a run that failed keeps the last success`() throws {
            #expect(archive.run(watched).status == 0)
            let before = try metrics()
            archive.simulator.setCredentialsRevoked(true)
            let ended = archive.run(watched)
            #expect(ended.status == 4)
            let after = try metrics()
            #expect(after["last_run_exit_status"] == 4)
            #expect(
                after["last_success_timestamp_seconds"]
                    == before["last_success_timestamp_seconds"])
            #expect(after["recordings.archived"] == 8 && after["last_run_requests"] == 1)
            #expect(receiver.lines.last == "POST /canary/fail?create=1")
            let body = try #require(receiver.pings.last?.body)
            #expect(body.hasPrefix("exit status 4\nerror: cannot list the account's recordings: "))
            #expect(body.contains("\ncallarchive: nothing new, 8 in all, 2 waiting"))
        }

        @Test(arguments: [
            ("--config /nonexistent/file", "error: cannot read the configuration file"),
            ("--retries many", "error: invalid --retries"),
            ("--credentials-file /nonexistent/file", "error: cannot read"),
        ])
        func `a run that cannot begin is told too`(option: String, words: String) throws {
            #expect(archive.run(watched).status == 0)
            let before = try metrics()
            var variables = ["CALLARCHIVE_METRICS_FILE": metricsPath]
            variables["CALLARCHIVE_PING_URL"] = receiver.base + "/canary"
            // Of what a sync needs, the credentials are missing.
            let error = Capture()
            let program = Program(
                console: Console(output: Capture().sink, error: error.sink),
                surroundings: Surroundings(environment: variables), engine: .real)
            let line = "sync --user-id u-simulated \(option) \(archive.path)"
            #expect(program.run(arguments: line.split(separator: " ").map(String.init)) == 2)
            #expect(error.text.hasPrefix(words) && !error.text.contains("canary"))
            let after = try metrics()
            #expect(after["last_run_exit_status"] == 2 && after["recordings.archived"] == 8)
            #expect(
                after["last_success_timestamp_seconds"]
                    == before["last_success_timestamp_seconds"])
            #expect(receiver.lines.count == 3 && receiver.lines.last == "POST /canary/fail")
            #expect(receiver.pings.last?.body.hasPrefix("exit status 2\nerror: ") == true)
        }

        @Test(arguments: [("--all", 2), ("--only acme", 1), ("--all --retries many", 2)])
        func `of several archives each chosen one is told of a wrong configuration`(
            choice: String, count: Int
        ) throws {
            let config = try scratch.file(
                "c.json5",
                """
                { "archives": {
                    "acme": { "user-id": "u-1", "archive": "\(scratch.path)/a",
                        "ping-url": "\(receiver.base)/acme" },
                    "globex": { "user-id": "u-2", "archive": "\(scratch.path)/b",
                        "ping-url": "\(receiver.base)/globex", "concurrency": 0 } } }
                """)
            let error = Capture()
            let program = Program(
                console: Console(output: Capture().sink, error: error.sink),
                surroundings: Surroundings(environment: [:]), engine: .real)
            let line = "sync --config \(config) \(choice)"
            #expect(program.run(arguments: line.split(separator: " ").map(String.init)) == 2)
            let told = receiver.lines
            #expect(told == ["POST /acme/fail", "POST /globex/fail"].prefix(count).map(\.self))
        }

        @Test func `a held archive is a failure that says only what is true`() throws {
            #expect(archive.run(watched).status == 0)
            let before = try metrics()
            let lock = open(archive.full(".callarchive/lock"), O_RDWR)
            defer { close(lock) }
            #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
            #expect(archive.run(watched).status == 7)
            let after = try metrics()
            #expect(after["last_run_exit_status"] == 7 && after["last_run_requests"] == 0)
            #expect(
                after["last_success_timestamp_seconds"]
                    == before["last_success_timestamp_seconds"])
            // It has not begun: no start.
            #expect(receiver.lines.dropFirst(2) == ["POST /canary/fail?create=1"])
        }

        @Test func `a rebuilt catalog, which knows no runs, doesn't forget the last success`()
            throws
        {
            #expect(archive.run(watched).status == 0)
            let before = try metrics()["last_success_timestamp_seconds"]
            try archive.remove(".callarchive/catalog.sqlite")
            archive.simulator.setCredentialsRevoked(true)
            #expect(archive.run(watched).status == 4)
            #expect(try metrics()["last_success_timestamp_seconds"] == before)
        }

        @Test func `the start tells of a run before it that was killed`() throws {
            #expect(archive.run("sync").status == 0)
            let catalog = try Catalog(
                path: archive.full(".callarchive/catalog.sqlite"), provider: "catapult",
                account: "u-simulated")
            _ = try catalog.beginRun(at: Timestamp(milliseconds: 1_767_323_045_000))
            catalog.close()
            #expect(archive.run(watched).status == 0)
            #expect(
                receiver.pings.first?.body == """
                    callarchive 0.1.0: run 3 has begun
                    the run before it, begun at 2026-01-02T03:04:05Z, ended without a word: \
                    it was killed, or the machine stopped

                    """)
        }

        @Test func `a ping that fails and a file that can't be written are warnings`() throws {
            let gone = try PingReceiver(.status(404))
            let ended = archive.run(
                "sync --metrics-file /dev/null --ping-url \(gone.base)/canary")
            #expect(ended.status == 0)
            #expect(
                ended.error.lines.dropLast() == [
                    "warning: cannot write the metrics file '/dev/null': what stands there is no "
                        + "plain file",
                    "warning: the ping to \(gone.base) failed: it answered 404; the run is not "
                        + "affected",
                ])
            #expect(ended.error.lines.last?.hasPrefix("callarchive: 8 archived") == true)
        }

        @Test func `a wrong address isn't repeated`() {
            let ended = archive.run("sync --ping-url https://me:canary@hc.example/canary")
            #expect(ended.status == 2)
            #expect(
                ended.error.lines.first
                    == "error: invalid --ping-url: it has a user name or password in it")
            #expect(!ended.error.text.contains("canary"))
        }

        @Test func `a dry run is no run`() {
            #expect(archive.run(watched + " --dry-run").status == 0)
            #expect(receiver.lines.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: metricsPath))
        }

        // MARK: - At risk

        @Test func `what is at risk is warned of by each sync, in one line`() throws {
            let now = Timestamp.now().milliseconds
            archive.simulator.update(
                (1...5).map {
                    RecordingPatch(
                        id: "old-\($0)", state: "saving",
                        startTime: now - (Int64($0) * 2 + 21) * 86_400_000 - 60_000)
                })
            let ended = archive.run(watched + " --json")
            #expect(ended.status == 0)
            #expect(
                ended.error.lines.first
                    == "warning: 5 recordings are not archived and will be deleted by the provider "
                    + "within 7 days: 'old-5' (overdue), 'old-4' (less than a day), 'old-3' "
                    + "(2 days left) and 2 more; callarchive status names them")
            #expect(
                ended.error.lines.last?.contains("7 waiting, none failed, 5 at risk, in ") == true)
            #expect(try metrics()["at_risk_recordings"] == 5)
            struct Finished: Decodable {
                struct Risk: Decodable { var id: String, daysLeft: Double }
                var atRiskCount: Int, atRisk: [Risk]
            }
            let finished = try JSONDecoder().decode(
                Finished.self, from: Data(try #require(ended.output.lines.last).utf8))
            #expect(finished.atRiskCount == 5 && finished.atRisk.count == 5)
            #expect(finished.atRisk.first?.id == "old-5")
            #expect(archive.run("sync -q").error.text.isEmpty)
            let less = archive.run("sync --at-risk-days 1")
            #expect(less.error.text.contains("within 1 day: 'old-5' (overdue), 'old-4'"))

            #expect(archive.run("status").status == 0)
            #expect(archive.run("status --fail-at-risk").status == 3)
            #expect(archive.run("status --fail-at-risk --retention-days 90").status == 0)
        }
    }
}
