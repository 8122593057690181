import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Glibc
import Platform
import Testing

extension CommandTests {
    /// The commands that work without the provider, on archives that a sync made.
    @Suite struct OfflineCommandTests {
        // MARK: - No archive

        @Test(arguments: ["status", "verify", "verify --repair", "export", "rebuild --user-id u"])
        func `where no archive is, that is said, and none is made`(line: String) throws {
            let archive = try SimulatedArchive()
            let ended = archive.run(line)
            #expect(ended.status == 2 && ended.output.text.isEmpty)
            #expect(
                ended.error.text
                    == "error: there is no archive at '\(archive.path)': there is no such folder\n"
                    + "  hint: give the ARCHIVE that sync writes to\n")
            #expect(!FileManager.default.fileExists(atPath: archive.path))
        }

        @Test func `none of them needs credentials, a user id or the provider`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            archive.simulator.stop()
            for line in ["status", "verify", "export", "rebuild"] {
                #expect(archive.run(line).status == 0, "\(line)")
            }
        }

        // MARK: - Verify

        @Test func `a whole archive gives one line, a quiet run none`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let ended = archive.run("verify")
            #expect(ended.status == 0 && ended.output.text.isEmpty && ended.error.lines.count == 1)
            #expect(
                ended.error.text.hasPrefix(
                    "callarchive: 8 of 8 files verified (128.0 KiB), none damaged, in "))
            #expect(archive.run("verify -q").error.text.isEmpty)
        }

        @Test func `damage is 8, a line and an object each, also with --repair`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let files = archive.run("export --status archived").output.entries.compactMap(\.file)
            try archive.remove(files[0])
            try archive.write(Data([1]), to: files[1])
            try archive.write(Data([1, 2]), to: "recordings/evil\u{1b}[2J\n.wav")
            let ended = archive.run("verify")
            #expect(ended.status == 8 && ended.output.lines.count == 3)
            #expect(ended.output.text.contains("\(files[0]): missing: expected 16384 bytes"))
            #expect(
                ended.output.text.contains("\(files[1]): size: expected 16384 bytes, found 1 byte"))
            #expect(
                ended.output.text.contains(
                    #"recordings/evil\x1b[2J\n.wav: unknownFile: found 2 bytes"# + "\n"))
            #expect(ended.error.text.contains("2 damaged, 1 unknown file, in "))
            #expect(ended.error.text.contains("--repair has them fetched again"))

            let repaired = archive.run("verify --json --repair")
            #expect(repaired.status == 8 && !repaired.output.text.contains("\u{1b}"))
            struct Finding: Decodable { var id: String?, file: String, problem: String }
            let findings = try repaired.output.lines.map {
                try JSONDecoder().decode(Finding.self, from: Data($0.utf8))
            }
            #expect(Set(findings.map(\.problem)) == ["missing", "size", "unknownFile"])
            #expect(findings.allSatisfy { ($0.id == nil) == ($0.problem == "unknownFile") })
            #expect(repaired.error.text.contains("2 set back to pending"))
            #expect(archive.run("export --status pending").output.entries.count == 2)
            #expect(archive.run("sync").error.text.contains("2 archived"))
            #expect(archive.run("verify").status == 0)
        }

        @Test func `a finding's object has its five members`() {
            let finding = VerifyFinding(
                id: "r-1", file: "recordings/a.wav", problem: .hash, expected: .sha256("ab"),
                found: .sha256("cd"))
            #expect(
                String(decoding: OutputShapes.finding(finding), as: UTF8.self)
                    == #"{"id":"r-1","file":"recordings/a.wav","problem":"hash","#
                    + #""expected":"ab","found":"cd"}"# + "\n")
        }

        @Test func `a sample looks at its share, and time that is up gives 9`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let sample = archive.run("verify --sample 25%")
            #expect(sample.status == 0 && sample.error.text.contains("2 of 8 files verified"))
            #expect(archive.run("verify --sample 0%").status == 2)
            #expect(archive.run("verify --sample 5").error.text.contains("write 5%"))
            #expect(ExitStatus.all.contains { $0.code == 8 && $0.meaning.contains("verify") })
        }

        // MARK: - Rebuild

        @Test func `a rebuilt catalog says what it is made of`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            try archive.remove(".callarchive/catalog.sqlite")
            #expect(archive.run("status").status == 6)
            #expect(
                archive.run("verify").error.text.contains(
                    "hint: callarchive rebuild '\(archive.path)' makes it anew"))
            let ended = archive.run("rebuild")
            #expect(ended.status == 0 && ended.output.text.isEmpty)
            #expect(
                ended.error.text
                    == "callarchive: catalog rebuilt from manifest.json: 8 archived (128.0 KiB), "
                    + "2 not archived\n")
            #expect(archive.run("sync").error.text.contains("nothing new, 8 in all"))
        }

        @Test func `another user id is refused, a missing one asked for`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            #expect(archive.run("rebuild --user-id u-other").status == 2)
            try archive.remove("manifest.json")
            let ended = archive.run("rebuild")
            #expect(ended.status == 2 && ended.error.text.contains("hint: give --user-id ID"))
            #expect(archive.run("rebuild --user-id u-simulated").status == 0)
        }

        @Test func `a rebuilt archive keeps its account`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            #expect(archive.run("rebuild").status == 0)
            #expect(archive.run("status").output.text.contains("Account  u-simulated (catapult)"))
        }

        // MARK: - Status

        @Test
        func `a file in the archive's place is a trouble of storage, no archive one of usage`()
            throws
        {
            let archive = try SimulatedArchive()
            #expect(archive.run("status").error.text.contains("there is no such folder"))
            #expect(archive.run("status").status == 2)
            #expect(FileManager.default.createFile(atPath: archive.path, contents: Data("x".utf8)))
            for line in ["status", "export", "verify", "report", "rebuild"] {
                let ended = archive.run(line)
                #expect(ended.status == 6, "\(line)")
                #expect(ended.error.text.contains("a file or a symbolic link stands where"))
            }
        }

        @Test func `an account that the provider refused is not called the archive's`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync --user-id u-other").status == 4)
            #expect(archive.run("status").output.text.contains("Account  not known before a sync"))
            #expect(archive.run("status --json").output.text.contains(#""account":null"#))
        }

        @Test func `what is at risk is not known when the last listing is old`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            func after(_ days: Int64) -> @Sendable () -> Timestamp {
                { Timestamp(milliseconds: Timestamp.now().milliseconds + 86_400_000 * days) }
            }
            let young = archive.run("status --at-risk-days 1 --retention-days 99", now: after(97))
            #expect(young.output.text.contains("At risk: none; no recording"))
            let line = "status --fail-at-risk --at-risk-days 1 --retention-days 99"
            #expect(archive.run(line, now: after(97)).status == 0)
            let old = archive.run(line, now: after(98))
            #expect(old.status == 3)
            #expect(old.output.text.contains("At risk: not known for what has begun since"))
            #expect(
                archive.run(line + " --json", now: after(98)).output.text
                    .contains(#""atRiskIsKnown":false"#))
            archive.simulator.stop()
            let sync = archive.run(
                "sync --retries 0 --at-risk-days 1 --retention-days 99", now: after(98))
            #expect(sync.status == 5)
            #expect(sync.error.text.contains("what has begun since is not known"))
        }

        @Test func `a status is a page for people`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let ended = archive.run("status")
            #expect(ended.status == 0 && ended.error.text.isEmpty)
            for line in [
                "Account  u-simulated (catapult)", "recordings            10",
                "archived               8  128.0 KiB",
                "waiting                2  not complete at the provider yet",
            ] {
                #expect(ended.output.lines.contains(line), "\(line)")
            }
            #expect(ended.output.text.contains("At risk: none"))
            #expect(ended.output.text.contains("status 0    8 archived, in "))
        }

        @Test func `what is at risk is named, oldest first`() throws {
            let archive = try SimulatedArchive { configuration in
                configuration.recordings.states = ["saving": 1]
            }
            #expect(archive.run("sync").status == 0)
            let later: @Sendable () -> Timestamp = {
                Timestamp(milliseconds: Timestamp.now().milliseconds + 86_400_000 * 20)
            }
            let page = archive.run("status", isTerminal: true, now: later)
            #expect(
                page.output.text.replacing("\n  ", with: " ").contains(
                    "not archived, deleted by the provider within 7 days"))
            #expect(page.output.text.contains("overdue"))
            #expect(!page.output.text.contains("\u{1b}[31m"))
            struct Status: Decodable {
                struct Risk: Decodable { var id: String, status: String, daysLeft: Double }
                struct Summary: Decodable { var listed: Int, waiting: Int }
                struct Run: Decodable { var exitStatus: Int, archived: Int }
                var account: String, summary: Summary, atRisk: [Risk], atRiskCount: Int
                var oldestPending: Risk?, lastRuns: [Run]
            }
            let json = archive.run("status --json --at-risk-days 30", now: later)
            #expect(json.output.lines.count == 1)
            let status = try JSONDecoder().decode(Status.self, from: Data(json.output.text.utf8))
            #expect(status.account == "u-simulated" && status.summary.listed == 10)
            #expect(status.atRisk.count == status.atRiskCount && status.atRiskCount >= 8)
            #expect(status.atRisk.map(\.daysLeft) == status.atRisk.map(\.daysLeft).sorted())
            #expect(status.atRisk.allSatisfy { $0.status == "waiting" })
            #expect(status.oldestPending == nil)
            #expect(status.lastRuns.map(\.exitStatus) == [0])
            #expect(
                archive.run("status --json --at-risk-days 0").output.text.contains(#""atRisk":[]"#))
        }

        // MARK: - Export

        @Test func `an export has all entries, in each format`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let lines = archive.run("export").output
            #expect(lines.entries.count == 10 && lines.lines.count == 10)
            let array = archive.run("export --format json").output
            let decoded = try JSONDecoder().decode(
                [ExportedEntry].self, from: Data(array.text.utf8))
            #expect(decoded.map(\.id) == lines.entries.map(\.id))
            let table = archive.run("export --format=csv").output.text
            #expect(table.hasPrefix("id,state,status,") && table.hasSuffix("\r\n"))
            #expect(table.split(separator: "\r\n").count == 11)
            #expect(
                archive.run("export --format csv", isTerminal: true).output.text.contains(#"\x1b"#))
        }

        @Test func `an empty export is still JSON`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            #expect(archive.run("export --status gone").output.text.isEmpty)
            #expect(archive.run("export --status gone --format json").output.text == "[]\n")
        }

        @Test func `a consumer gets each archived recording once`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync --max-files 5").status == 9)
            var entries = archive.run("export --after 0").output.entries
            #expect(entries.compactMap(\.sequence) == [1, 2, 3, 4, 5])
            #expect(archive.run("sync").status == 0)
            entries += archive.run("export --after 5").output.entries
            #expect(entries.compactMap(\.sequence) == Array(1...8))
            #expect(Set(entries.map(\.id)).count == 8)
            #expect(archive.run("export --after 8").output.text.isEmpty)
        }

        @Test func `status and start time choose`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            func count(_ options: String) -> Int {
                archive.run("export \(options)").output.entries.count
            }
            #expect(count("--status waiting") == 2)
            #expect(count("--status waiting,archived") == 10)
            #expect(count("--status waiting --status failed") == 2)
            #expect(count("--status archived --since 2100-01-01") == 0)
            #expect(count("--status archived --until 2100-01-01") == 8)
            let wrong = archive.run("export --status archvied")
            #expect(wrong.status == 2 && wrong.error.text.contains("did you mean archived?"))
        }

        @Test func `a reader that leaves is no failure, a full disk is 6`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let closed = Capture()
            closed.refuse(with: .closed)
            let left = archive.run("export", output: closed)
            #expect(left.status == 0 && left.error.text.isEmpty)
            let full = Capture()
            full.refuse(with: .failed(ENOSPC))
            #expect(archive.run("export", output: full).status == 6)
        }

        @Test func `nothing is written beside the catalog`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let control = archive.full(".callarchive")
            let before = try FileManager.default.contentsOfDirectory(atPath: control).sorted()
            for line in ["status", "export", "verify"] { #expect(archive.run(line).status == 0) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: control).sorted() == before)
        }
    }
}
