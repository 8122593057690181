import CallArchive
import Testing

/// Members that an archive has only when it was asked to keep them.
struct ManifestExtrasTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `they stand last, null where nothing is known`() {
        var entry = SampleEntries.bare
        entry.extras = .all
        #expect(
            text(ManifestEntryJSON.bytes(entry))
                .hasSuffix(#""error":null,"callDetails":null,"transcription":null}"#))
        entry.extras = .calls
        #expect(
            text(ManifestEntryJSON.bytes(entry)).hasSuffix(#""error":null,"callDetails":null}"#))
        #expect(
            text(ManifestEntryJSON.bytes(SampleEntries.detailed)).hasSuffix(
                #""callDetails":{"from":"+19195551234","to":null,"direction":"in","#
                    + #""startTime":"2013-02-08T13:15:43Z","endTime":null},"#
                    + #""transcription":{"state":"completed","#
                    + #""file":"recordings/2013/02/08/20130208T131547Z_r-1.txt","bytes":12,"#
                    + #""sha256":"\#(SampleEntries.detailed.sha256 ?? "")"}}"#))
    }

    @Test func `they are read back, and so is that they are kept`() throws {
        var entries = [SampleEntries.detailed, SampleEntries.bare, SampleEntries.failed]
        entries[0].archivedAt = nil
        entries[1].extras = .all
        entries[2].extras = .transcriptions
        var read: [ArchiveEntry] = []
        _ = try ManifestReader(SampleEntries.document(entries).span) { read.append($0) }
        #expect(read == entries)
    }

    @Test func `as values separated by commas they come last too, where they are kept`() {
        #expect(!text(ManifestCSV.header()).contains("callDetails"))
        #expect(
            text(ManifestCSV.header(.all)).hasSuffix(
                "error.lastAttemptAt,callDetails.from,callDetails.to,callDetails.direction,"
                    + "callDetails.startTime,callDetails.endTime,transcription.state,"
                    + "transcription.file,transcription.bytes,transcription.sha256\r\n"))
        let row = text(ManifestCSV.row(SampleEntries.detailed))
        #expect(row.contains(",+19195551234,,in,2013-02-08T13:15:43Z,,completed,recordings/"))
        for extras in [EntryExtras.calls, .transcriptions, .all] {
            var entry = ArchiveEntry(id: "a", status: .pending)
            entry.extras = extras
            let commas = ManifestCSV.row(entry).count { $0 == UInt8(ascii: ",") }
            #expect(commas == ManifestCSV.columns(extras).count - 1)
        }
    }
}
