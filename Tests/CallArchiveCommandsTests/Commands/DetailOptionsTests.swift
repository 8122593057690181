import CatapultSimulator
import FoundationEssentials
import Testing

extension CommandTests {
    /// `--with-calls` and `--with-transcriptions` through the whole program.
    struct DetailOptionsTests {
        private struct Entry: Decodable {
            struct Call: Decodable {
                var from: String?
                var to: String?
            }
            struct Text: Decodable {
                var state: String
                var file: String?
            }
            var id: String
            var callDetails: Call?
            var transcription: Text?
        }

        private func entries(_ capture: Capture) throws -> [Entry] {
            try capture.lines.map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
        }

        @Test(arguments: ["text", "json"])
        func `numbers are in the export, and in no log however talkative`(format: String) throws {
            let archive = try SimulatedArchive()
            for fault in [
                "calls:status=503:first=1", "calls:html-200:nth=2",
                "transcriptions:r-000003:status=500",
            ] {
                try archive.simulator.setFault(fault)
            }
            let ended = archive.run(
                "sync --with-calls --with-transcriptions --verbose --retries 2 --log-format \(format)"
            )
            #expect(ended.status == 0)
            #expect(ended.output.text.isEmpty)
            #expect(ended.error.text.contains("from …"))
            let exported = try entries(archive.run("export").output)
            let numbers = exported.compactMap(\.callDetails).flatMap { [$0.from, $0.to] }
                .compactMap { $0 }
            #expect(numbers.count == 16)
            for number in numbers {
                // The prefix is the same in all of them; what follows it is somebody's own.
                #expect(!ended.error.text.contains(number.dropFirst(5)))
            }
            #expect(exported.count { $0.transcription?.file != nil } == 7)
        }

        @Test func `entries and columns come with the first such run, and stay`() throws {
            let archive = try SimulatedArchive()
            _ = archive.run("sync")
            #expect(!archive.run("export").output.text.contains("callDetails"))
            let plain = archive.run("export --format csv").output.text
            #expect(plain.contains(",error.lastAttemptAt\r\n"))
            #expect(archive.run("sync --with-calls").status == 0)
            #expect(archive.run("sync").status == 0)
            let exported = archive.run("export").output
            #expect(exported.lines.allSatisfy { $0.contains(#""error":null,"callDetails":"#) })
            #expect(exported.lines.allSatisfy { !$0.contains("transcription") })
            let columns = archive.run("export --format csv").output.text
            #expect(columns.contains(",callDetails.startTime,callDetails.endTime\r\n"))
            #expect(archive.run("verify").status == 0)
        }

        @Test func `trouble with both leaves the status as it is and is two warnings`() throws {
            let archive = try SimulatedArchive()
            try archive.simulator.setFault("calls:status=403")
            try archive.simulator.setFault("transcriptions:status=403")
            let ended = archive.run("sync --with-calls --with-transcriptions --retries 0")
            #expect(ended.status == 0)
            #expect(ended.error.lines.count { $0.contains("warning: ") } == 2)
            #expect(archive.run("export --status archived").output.lines.count == 8)
        }
    }
}
