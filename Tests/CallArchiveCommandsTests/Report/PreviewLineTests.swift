import CallArchive
import CallArchiveCommands
import Testing

struct PreviewLineTests {
    private func row(_ id: String, start: String? = "2013-02-08T13:15:47.587Z") -> PreviewRow {
        var entry = ArchiveEntry(id: id, status: .pending)
        entry.state = "complete"
        entry.startTime = start
        return PreviewRow(entry: entry, action: .download)
    }

    @Test func `columns stand under their headings`() {
        #expect(
            PreviewLine.header + PreviewLine.render(row("r-1"), width: 80) == """
                ACTION       STATE      START (UTC)          ID
                download     complete   2013-02-08 13:15:47  r-1

                """)
    }

    @Test func `a long id is cut on a terminal, not in a pipe`() {
        let id = String(repeating: "x", count: 60)
        #expect(PreviewLine.render(row(id), width: 80).count == 81)
        #expect(PreviewLine.render(row(id), width: 80).hasSuffix("x…\n"))
        #expect(PreviewLine.render(row(id), width: nil).hasSuffix("\(id)\n"))
        #expect(PreviewLine.render(row(id), width: 20).hasSuffix("\(id)\n"))
    }

    @Test func `what the provider wrote is escaped`() {
        let line = PreviewLine.render(row("r\u{1b}]0;x\u{7}\n", start: "\u{9b}2J"), width: 80)
        #expect(line.unicodeScalars.dropLast().allSatisfy { $0.value >= 0x20 && $0.value < 0x7f })
        #expect(PreviewLine.render(row("r", start: nil), width: 80).contains("  -  "))
    }
}
