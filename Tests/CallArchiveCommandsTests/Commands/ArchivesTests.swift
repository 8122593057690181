import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Platform
import Synchronization
import Testing

extension CommandTests {
    /// Several archives of one configuration file.
    @Suite struct ArchivesTests {
        /// Three archives; the one in the middle has a wrong user id.
        private final class Bench {
            let folder: ScratchFolder
            let simulator: Simulator
            let config: String

            init() throws {
                folder = try ScratchFolder()
                var configuration = Configuration()
                configuration.recordings = RecordingPlan(count: 3)
                simulator = try Simulator(configuration: configuration)
                try simulator.start()
                let good = try folder.file(
                    "good.json", #"{"token": "t-simulated", "secret": "s-simulated"}"#)
                config = try folder.file(
                    "c.json5",
                    """
                    {
                      "base-url": "\(simulator.baseURL)", "request-rate": "none", "min-free": 0,
                      "credentials-file": "\(good)",
                      archives: {
                        acme: { "user-id": "u-simulated", archive: "\(folder.path)/acme" },
                        'b-2': { "user-id": "u-other", archive: "\(folder.path)/b" },
                        globex: {
                          "user-id": "u-simulated", archive: "\(folder.path)/globex",
                          "credentials-file": "\(good)", "max-files": 2,
                        },
                      },
                    }
                    """)
            }

            deinit {
                simulator.stop()
            }

            func run(
                _ line: String, environment: [String: String] = [:], engine: Engine = .real
            ) -> SimulatedArchive.Ended {
                let (output, error) = (Capture(), Capture())
                let program = Program(
                    console: Console(output: output.sink, error: error.sink, now: { someMoment }),
                    surroundings: Surroundings(environment: environment), engine: engine)
                let words = line.split(separator: " ").map(String.init) + ["--config", config]
                return SimulatedArchive.Ended(
                    status: program.run(arguments: words), output: output, error: error)
            }
        }

        @Test func `all take their turn, and the worst status counts`() throws {
            let bench = try Bench()
            let ended = bench.run("sync --all")
            #expect(ended.status == 4)
            #expect(ended.error.text.contains("callarchive: acme: 3 archived ("))
            #expect(
                ended.error.text.contains(
                    "error: b-2: cannot list the account's recordings: the provider answered 403"))
            #expect(ended.error.text.contains("callarchive: globex: 2 archived ("))
            #expect(
                ended.error.lines.last
                    == "callarchive: 1 of 3 archives in order; b-2 ended with status 4; "
                    + "globex ended with status 9")
            #expect(bench.run("status --only acme").output.text.hasPrefix("== acme ==\nArchive "))
        }

        @Test func `events and log lines carry the archive's name`() throws {
            let bench = try Bench()
            let ended = bench.run("sync --all --json --log-format json")
            struct Event: Decodable {
                struct One: Decodable, Equatable { var archiveName: String, exitStatus: Int }
                var event: String, archiveName: String?, exitStatus: Int?, archives: [One]?
            }
            let events = try ended.output.lines.map {
                try JSONDecoder().decode(Event.self, from: Data($0.utf8))
            }
            let last = try #require(events.last)
            #expect(last.event == "allFinished" && last.exitStatus == 4 && last.archiveName == nil)
            #expect(
                last.archives == [
                    .init(archiveName: "acme", exitStatus: 0),
                    .init(archiveName: "b-2", exitStatus: 4),
                    .init(archiveName: "globex", exitStatus: 9),
                ])
            #expect(events.dropLast().allSatisfy { $0.archiveName != nil })
            #expect(
                events.filter { $0.event == "runFinished" }.compactMap(\.archiveName)
                    == ["acme", "b-2", "globex"])
            #expect(ended.error.lines.filter { $0.contains(#""archiveName":"b-2"}"#) }.count >= 2)
        }

        @Test func `only some are taken, in the file's order`() throws {
            let bench = try Bench()
            let ended = bench.run("sync --only globex --only acme")
            #expect(ended.status == 9)
            #expect(ended.error.lines.count == 3)
            #expect(ended.error.lines.first?.hasPrefix("callarchive: acme: ") == true)
            let wrong = bench.run("sync --only acne")
            #expect(wrong.status == 2 && wrong.error.text.contains("hint: did you mean acme?"))
        }

        @Test func `an archive's own credentials go before the environment`() throws {
            let bench = try Bench()
            let stale = ["CALLARCHIVE_TOKEN": "t-stale", "CALLARCHIVE_SECRET": "s-stale"]
            #expect(bench.run("sync --only globex", environment: stale).status == 9)
            #expect(bench.run("sync --only acme", environment: stale).status == 4)
            let folder = bench.folder.path
            _ = try bench.folder.file(
                "callarchive-acme", #"{"token": "t-simulated", "secret": "s-simulated"}"#)
            var given = stale
            given["CREDENTIALS_DIRECTORY"] = folder
            given["CALLARCHIVE_ARCHIVE"] = "\(folder)/elsewhere"
            given["CALLARCHIVE_USER_ID"] = "u-elsewhere"
            #expect(bench.run("sync --only acme", environment: given).status == 0)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/elsewhere"))
        }

        @Test func `other commands take them too`() throws {
            let bench = try Bench()
            #expect(bench.run("sync --all").status == 4)
            let status = bench.run("status --all --json")
            #expect(status.status == 0 && status.output.lines.count == 3)
            #expect(status.output.lines[0].hasSuffix(#","archiveName":"acme"}"#))
            try FileManager.default.removeItem(atPath: "\(bench.folder.path)/acme/recordings")
            let verify = bench.run("verify --all")
            #expect(verify.status == 8)
            #expect(verify.output.lines.allSatisfy { $0.hasPrefix("acme: recordings/") })
            let doctor = bench.run("doctor --all")
            #expect(doctor.output.text.contains("\n== b-2 ==\n"))
        }

        @Test func `a signal ends them all`() throws {
            let bench = try Bench()
            let begun = Locked<[String]>([])
            let make: @Sendable (SyncSettings, any SyncObserver) -> FakeEngine = {
                settings, observer in
                begun.withLock { $0.append(settings.archive) }
                let engine = FakeEngine(settings, observer, FakeEngine.Script())
                engine.interrupt(signal: 15)
                return engine
            }
            let ended = bench.run("sync --all", engine: Engine(sync: make, preview: make))
            #expect(ended.status == 143)
            #expect(begun.withLock { $0 } == ["\(bench.folder.path)/acme"])
            #expect(
                ended.error.lines.last
                    == "callarchive: 0 of 3 archives in order; acme ended with status 143; "
                    + "2 not begun")
        }

        @Test func `what can't be meant is refused`() throws {
            let bench = try Bench()
            for (line, words) in [
                ("sync --all /srv/calls", "ARCHIVE does not go with --all"),
                ("sync --all --user-id u-1", "--user-id does not go with --all"),
                ("sync --all --only acme", "--all and --only do not go together"),
                (
                    "sync --all --metrics-file /tmp/none.prom",
                    "error: the archives 'acme' and 'b-2' share one metrics-file"
                ),
                ("sync", "hint: give --all or --only NAME"),
                ("list --all", "does not go with list"),
            ] {
                let ended = bench.run(line)
                #expect(ended.status == 2 && ended.error.text.contains(words), "\(line)")
            }
        }
    }
}
