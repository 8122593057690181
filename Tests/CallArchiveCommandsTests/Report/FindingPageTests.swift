import CallArchive
import CallArchiveCommands
import Testing

struct FindingPageTests {
    @Test func `findings stand in columns, wrapped on a terminal`() throws {
        var refused = Finding.error(
            .credentials, .usage, "no credentials for https://api.example.com/v1",
            mend: "set CALLARCHIVE_TOKEN and CALLARCHIVE_SECRET, or write them to a file")
        refused.causes = ["CALLARCHIVE_TOKEN and CALLARCHIVE_SECRET are not set"]
        let findings: [Finding] = [
            .ok(.configuration, "no --config file is used; the options are in order"), refused,
            .warning(
                .clock, "92 s ahead of the provider's\u{1b}[2J", mend: "set the clock"),
        ]
        var page = ""
        for width in [nil, 72, 40] {
            page += "width \(width.map { "\($0)" } ?? "none")\n"
            for finding in findings { page += FindingPage.render(finding, width: width) }
            page += "\n"
        }
        for finding in findings {
            page += String(decoding: OutputShapes.diagnosis(finding), as: UTF8.self)
        }
        #expect(!page.contains("\u{1b}"))
        try expectSnapshot(page, "doctor.txt")
    }

    @Test func `the worst status is the first by rank, whatever the order`() {
        let all: [CallArchiveCommands.ExitStatus] = [
            .success, .budget, .someFailed, .locked, .usage, .unreachable, .refused, .damage,
            .storage, .bug, .terminated,
        ]
        for (index, status) in all.enumerated() {
            #expect(CallArchiveCommands.ExitStatus.worst(Array(all[...index])) == status)
            #expect(CallArchiveCommands.ExitStatus.worst(all[...index].reversed()) == status)
        }
        #expect(CallArchiveCommands.ExitStatus.worst([]) == .success)
    }
}
