import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Platform
import Testing

extension CommandTests {
    /// The whole of `doctor` on archives that a sync made, with a simulated provider.
    @Suite struct DoctorTests {
        private struct Line: Decodable, Equatable {
            var schema: String, check: String, level: String, message: String
            var causes: [String], mend: String?, exitStatus: Int
        }

        private func findings(_ ended: SimulatedArchive.Ended) throws -> [Line] {
            try ended.output.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        }

        /// Every name below the archive with its size and time.
        private func content(_ archive: SimulatedArchive) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: archive.path).sorted().map {
                let facts = try FileManager.default.attributesOfItem(atPath: archive.full($0))
                return "\($0) \(facts[.size] ?? 0) \(facts[.modificationDate] ?? 0)"
            }
        }

        @Test func `a good archive has nothing but good findings, and stays as it is`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let before = try content(archive)
            let ended = archive.run("doctor --json")
            let found = try findings(ended)
            #expect(ended.status == 0)
            #expect(found.allSatisfy { $0.level == "ok" && $0.exitStatus == 0 }, "\(found)")
            #expect(found.allSatisfy { $0.schema == "callarchive.finding/1" })
            // A loopback address without TLS has no certificate, and nothing else was asked for.
            let checks = Set(found.map(\.check)).union(["certificate", "exec", "metrics"])
            #expect(checks == Set(Finding.Check.allCases.map(\.rawValue)))
            #expect(ended.error.text.hasPrefix("callarchive: \(found.count) in order"))
            #expect(try content(archive) == before)
            #expect(archive.run("doctor -q").output.text.isEmpty)
        }

        @Test func `where no archive is, it says so and makes none`() throws {
            let archive = try SimulatedArchive()
            let ended = archive.run("doctor")
            #expect(ended.status == 0)
            #expect(
                ended.output.text.contains(
                    "ok       archive        there is none at '\(archive.path)' yet; "
                        + "the first sync makes it\n"))
            #expect(!FileManager.default.fileExists(atPath: archive.path))
        }

        @Test func `refused credentials are 4, and the rest is looked at all the same`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let ended = archive.run("doctor --json", environment: ["CALLARCHIVE_SECRET": "s-wrong"])
            let found = try findings(ended)
            #expect(ended.status == 4)
            let refusal = try #require(found.first { $0.exitStatus == 4 })
            #expect(refusal.check == "credentials" && refusal.message.contains("answered 401"))
            #expect(refusal.mend == "check the API token and secret")
            #expect(found.contains { $0.check == "last-run" })
            #expect(!ended.output.text.contains("s-wrong"))
        }

        @Test func `missing credentials and user id are 2, before all else`() throws {
            let archive = try SimulatedArchive()
            let ended = archive.run(
                "doctor --json --min-free 9000T",
                environment: [
                    "CALLARCHIVE_USER_ID": "", "CALLARCHIVE_TOKEN": "", "CALLARCHIVE_SECRET": "",
                ])
            #expect(ended.status == 2)
            #expect(try findings(ended).map(\.exitStatus).sorted() == [0, 0, 2, 2, 6])
        }

        @Test func `an unreachable provider is 5, a full disk goes before it`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            archive.simulator.stop()
            let unreachable = archive.run("doctor")
            #expect(unreachable.status == 5)
            #expect(unreachable.output.text.contains("cannot reach the provider at"))
            let full = archive.run("doctor --min-free 9000T")
            #expect(full.status == 6)
            #expect(full.output.text.contains("less than the"))
            #expect(full.error.text.contains(", 2 errors"))
        }

        @Test func `what a killed run, a repair and a rebuild left is told`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            try archive.write(Data("{}".utf8), to: ".callarchive/partial/journal")
            try archive.write(Data([1]), to: ".callarchive/partial/a.part")
            try FileManager.default.createDirectory(
                atPath: archive.full(".callarchive/damaged"), withIntermediateDirectories: true)
            try archive.write(Data([1]), to: ".callarchive/damaged/a.wav")
            try archive.write(Data([1]), to: ".callarchive/catalog.sqlite.damaged-1")
            let ended = archive.run("doctor --json")
            let messages = try findings(ended).filter { $0.check == "leftovers" }.map(\.message)
            #expect(ended.status == 0 && messages.count == 3)
            #expect(messages[0].contains("a journal and 1 unfinished download"))
            #expect(messages[1].contains("1 damaged file "))
            #expect(messages[2].contains("1 old catalog file"))
        }

        @Test func `open permissions are warned of`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: archive.path)
            let found = try findings(archive.run("doctor --json"))
            let warning = try #require(found.first { $0.level == "warning" })
            #expect(warning.check == "permissions" && warning.message.contains("(mode 0755)"))
            #expect(warning.mend?.contains("chmod -R go= '\(archive.path)'") == true)
        }

        @Test func `a torn catalog is 6, another's archive 2`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let other = archive.run("doctor --user-id u-other")
            #expect(other.status == 2)
            #expect(
                other.output.text.contains(
                    "it belongs to account 'u-simulated', not 'u-other'"))
            try archive.write(
                Data(String(repeating: "no database ", count: 999).utf8),
                to: ".callarchive/catalog.sqlite")
            let torn = archive.run("doctor")
            #expect(torn.status == 6)
            #expect(torn.output.text.contains("mend: the files under recordings/"))
        }

        @Test func `a run that has not been for days is noticed, as is a bad one`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let later: @Sendable () -> Timestamp = {
                Timestamp(milliseconds: Timestamp.now().milliseconds + 86_400_000 * 5)
            }
            let old = try findings(archive.run("doctor --json", now: later))
            #expect(
                old.contains {
                    $0.check == "last-run" && $0.level == "warning"
                        && $0.message.contains("but 5 days ago")
                })
            archive.simulator.stop()
            #expect(archive.run("sync --retries 0").status == 5)
            let bad = try findings(archive.run("doctor --json"))
            #expect(
                bad.contains {
                    $0.check == "last-run" && $0.message.contains("ended with status 5")
                        && $0.message.contains("the last good one ended at ")
                })
        }

        @Test func `wrong options are a finding too`() throws {
            let archive = try SimulatedArchive()
            let ended = archive.run("doctor --json --min-free lots")
            let found = try findings(ended)
            #expect(ended.status == 2 && found.count == 1)
            #expect(found.first?.check == "configuration" && found.first?.mend != nil)
            #expect(
                archive.run("doctor --min-free lots").output.text.hasPrefix(
                    "error    configuration  invalid --min-free: 'lots' is not"))
        }

        @Test(arguments: [
            ".callarchive", "recordings", ".callarchive/catalog.sqlite", "SHA256SUMS",
        ])
        func `what stands in a part's place is told as sync tells it`(part: String) throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let isFolder = !part.contains(".sqlite") && part != "SHA256SUMS"
            try FileManager.default.moveItem(
                atPath: archive.full(part), toPath: archive.path + "-away")
            try? FileManager.default.removeItem(atPath: archive.full(part))
            if isFolder {
                try archive.write(Data("x".utf8), to: part)
            } else {
                try FileManager.default.createDirectory(
                    atPath: archive.full(part), withIntermediateDirectories: false)
            }
            defer { try? FileManager.default.removeItem(atPath: archive.path + "-away") }
            let ended = archive.run("doctor --json")
            #expect(ended.status == 6)
            let finding = try #require(try findings(ended).first { $0.level == "error" })
            #expect(finding.check == "permissions" && finding.message.contains(part))
            #expect(
                finding.mend?.contains(isFolder ? "where a folder is needed" : "a folder stands")
                    == true)
            let sync = archive.run("sync")
            #expect(sync.status == 6)
            // Nothing is taken for lost that lies behind it.
            #expect(!sync.error.text.contains("downloaded again"))
        }

        @Test func `a program and a metrics file that can't be used are told beforehand`() throws {
            let archive = try SimulatedArchive()
            let well = try findings(
                archive.run("doctor --json --exec /bin/true --metrics-file \(archive.path).prom"))
            #expect(well.contains { $0.check == "exec" && $0.level == "ok" })
            #expect(well.contains { $0.check == "metrics" && $0.level == "ok" })
            #expect(!FileManager.default.fileExists(atPath: archive.path + ".prom"))
            let ended = archive.run(
                "doctor --json --exec /nowhere/x --metrics-file /nowhere/x.prom")
            #expect(ended.status == 2)
            let found = try findings(ended)
            #expect(found.contains { $0.check == "exec" && $0.exitStatus == 2 })
            let metrics = try #require(found.first { $0.check == "metrics" })
            #expect(metrics.level == "warning" && metrics.mend?.contains("'/nowhere'") == true)
        }

        @Test(arguments: ["/nowhere/ca.pem", "/etc/hostname", "/etc"])
        func `certificates that can't be used are told before anything is asked`(path: String)
            throws
        {
            let archive = try SimulatedArchive()
            let ended = archive.run("doctor --json --cacert \(path)")
            #expect(ended.status == 2)
            #expect(
                try findings(ended).contains { $0.check == "certificate" && $0.exitStatus == 2 })
            let sync = archive.run("sync --cacert \(path)")
            #expect(sync.status == 2)
            #expect(sync.error.text.hasPrefix("error: cannot use the certificates in '\(path)'"))
            #expect(archive.simulator.log().isEmpty)
        }

        @Test func `what keeps nightly runs quiet doesn't silence doctor`() throws {
            let archive = try SimulatedArchive()
            let ended = archive.run("doctor", environment: ["CALLARCHIVE_QUIET": "1"])
            #expect(ended.output.text.contains("ok       credentials"))
            #expect(ended.error.text.contains(" in order"))
            #expect(archive.run("doctor -q").output.text.isEmpty)
        }

        @Test func `a mistyped variable is a warning`() throws {
            let archive = try SimulatedArchive()
            let ended = archive.run("doctor", environment: ["CALLARCHIVE_USERID": "x"])
            #expect(ended.status == 0 && ended.error.lines.count == 1)
            #expect(ended.output.text.contains("mend: rename it to CALLARCHIVE_USER_ID"))
        }

        @Test func `a terminal gets colour and its width, but for NO_COLOR`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let coloured = archive.run("doctor", isTerminal: true).output
            #expect(coloured.text.contains("\u{1b}[32mok\u{1b}[0m "))
            let plain = archive.run("doctor", isTerminal: true, environment: ["NO_COLOR": "1"])
            #expect(!plain.output.text.contains("\u{1b}"))
            // Paths are words that can't be broken.
            let long = plain.output.lines.filter { $0.count > 60 && !$0.contains("/") }
            #expect(long.isEmpty)
            #expect(!archive.run("status").output.text.contains("\u{1b}"))
        }
    }
}
