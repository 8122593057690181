import CallArchive
import CallArchiveCommands
import CatapultSimulator
import FoundationEssentials
import Glibc
import Platform
import Testing

extension CommandTests {
    @Suite struct ReportCommandTests {
        /// A page's recordings and facts, as its script reads them.
        private struct Read {
            var rows: [[Cell]] = []
            var blocks = 0
            var facts: Facts

            init(_ page: Data) throws {
                let text = String(decoding: page, as: UTF8.self)
                let open = #"<script type="application/json" "#
                var facts: Facts?
                for part in text.components(separatedBy: open).dropFirst() {
                    let body = try #require(part.components(separatedBy: "</script>").first)
                    if body.hasPrefix(#"id="facts">"#) {
                        facts = try JSONDecoder().decode(
                            Facts.self, from: Data(body.dropFirst(#"id="facts">"#.count).utf8))
                    } else {
                        let json = body.dropFirst(#"class="rows">"#.count)
                        rows += try JSONDecoder().decode([[Cell]].self, from: Data(json.utf8))
                        blocks += 1
                    }
                }
                self.facts = try #require(facts)
            }
        }

        private struct Facts: Decodable {
            struct Summary: Decodable { var listed: Int, archived: Int }
            var schema: String, account: String, base: String, summary: Summary
            var rows: Int, waveforms: Int, atRisk: Int, retentionDays: Int
        }

        private enum Cell: Decodable, Equatable {
            case text(String)
            case number(Double)
            case other

            init(from decoder: any Decoder) throws {
                let box = try decoder.singleValueContainer()
                if let text = try? box.decode(String.self) {
                    self = .text(text)
                } else if let number = try? box.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .other
                }
            }
        }

        @Test func `the page has every recording, the newest first, and is the owner's alone`()
            throws
        {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            archive.simulator.stop()
            let ended = archive.run("report")
            #expect(ended.status == 0 && ended.output.text.isEmpty)
            #expect(
                ended.error.text.hasPrefix(
                    "callarchive: report of 10 recordings written to \(archive.path)/report.html (")
            )
            #expect(ended.error.text.hasSuffix(", 8 waveforms)\n"))
            let page = try Read(try archive.bytes("report.html"))
            #expect(
                page.facts.schema == "callarchive.report/1" && page.facts.account == "u-simulated")
            #expect(page.facts.rows == 10 && page.facts.waveforms == 8 && page.facts.base == "")
            #expect(page.facts.summary.listed == 10 && page.facts.summary.archived == 8)
            let starts = page.rows.compactMap { row -> Double? in
                guard row.count > 2, case .number(let start) = row[2] else { return nil }
                return start
            }
            #expect(starts.count >= 8 && starts == starts.sorted(by: >))
            var status = stat()
            #expect(lstat(archive.full("report.html"), &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            #expect(archive.run("verify").output.text.isEmpty)
        }

        @Test(arguments: [("none", 0), ("0", 0), ("3", 3), ("all", 8)])
        func `as many waveforms as are asked for`(asked: String, expected: Int) throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            #expect(archive.run("report --waveforms \(asked)").status == 0)
            let page = try Read(try archive.bytes("report.html"))
            #expect(page.facts.waveforms == expected)
            #expect(page.rows.filter { $0.count > 11 && $0[11] != .other }.count == expected)
        }

        @Test func `a missing or foreign file costs its waveform only`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let files = archive.run("export --status archived").output.entries.compactMap(\.file)
            try archive.remove(files[0])
            try archive.remove(files[1])
            #expect(symlink("/etc/passwd", archive.full(files[1])) == 0)
            #expect(archive.run("report").status == 0)
            #expect(try Read(try archive.bytes("report.html")).facts.waveforms == 6)
        }

        @Test func `elsewhere, its links lead back to the archive`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let folder = archive.path + "-pages"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            #expect(archive.run("report -o \(folder)/a.html").status == 0)
            let page = try Read(try Data(contentsOf: URL(filePath: folder + "/a.html")))
            #expect(page.facts.base == "../archive/")
            #expect(archive.run("report -o \(archive.path)/b.html").status == 0)
            #expect(try Read(try archive.bytes("b.html")).facts.base == "")
        }

        @Test(arguments: [
            "manifest.json", "SHA256SUMS", "recordings/x.html", ".callarchive/x.html", "", "x",
        ])
        func `it never takes the place of the archive's own files`(name: String) throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let before = try archive.bytes("manifest.json")
            let ended = archive.run("report --output \(archive.path)/\(name)")
            #expect(ended.status == 2 && ended.error.text.hasPrefix("error: invalid --output: "))
            #expect(try archive.bytes("manifest.json") == before)
        }

        @Test func `what cannot be written is said, and leaves the old page`() throws {
            let archive = try SimulatedArchive()
            #expect(archive.run("sync").status == 0)
            let ended = archive.run("report --output /nowhere/x.html")
            #expect(ended.status == 6)
            #expect(
                ended.error.text.hasPrefix(
                    "error: cannot write the report '/nowhere/x.html': cannot open '/nowhere': "))
            #expect(archive.run("report --waveforms -1").status == 2)
            #expect(
                archive.run("report --waveforms many").error.text.contains(
                    "a whole number, all or none"))
        }

        @Test func `hostile ids are data, and the window chooses recordings`() throws {
            let archive = try SimulatedArchive()
            let hostile = [
                "</script><script>alert(1)</script>", "a\u{202e}b\u{0}",
                String(repeating: "L", count: 5000),
            ]
            archive.simulator.update(
                RecordingPatch(id: hostile[0], state: "saving"),
                RecordingPatch(id: hostile[1], state: "saving"),
                RecordingPatch(id: hostile[2], state: "complete", startTime: 1_360_329_347_000))
            #expect(archive.run("sync").status == 0)
            #expect(archive.run("report").status == 0)
            let bytes = try archive.bytes("report.html")
            let page = try Read(bytes)
            for id in hostile { #expect(page.rows.contains { $0.first == .text(id) }) }
            #expect(!String(decoding: bytes, as: UTF8.self).contains("alert(1)</script>"))
            #expect(archive.run("report --until 2014-01-01").status == 0)
            let old = try Read(try archive.bytes("report.html"))
            #expect(
                old.rows.contains { $0.first == .text(hostile[2]) }
                    && old.facts.rows < page.facts.rows)
        }

        @Test func `more recordings than a block holds come in several`() throws {
            let archive = try SimulatedArchive { $0.recordings = RecordingPlan(count: 2100) }
            #expect(archive.run("sync --max-files 1").status == 9)
            #expect(archive.run("report").status == 0)
            let page = try Read(try archive.bytes("report.html"))
            #expect(page.facts.rows == 2102 && page.rows.count == 2102 && page.blocks == 3)
        }
    }
}
