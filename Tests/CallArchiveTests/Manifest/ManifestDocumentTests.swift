import CallArchive
import Platform
import Testing

@Suite struct ManifestDocumentTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `an archived entry has every member in the documented order`() {
        #expect(
            text(ManifestEntryJSON.bytes(SampleEntries.archived))
                == #"{"id":"r-1","state":"complete","status":"archived","#
                + #""startTime":"2013-02-08T13:15:47.587Z","endTime":"2013-02-08T13:17:12.181Z","#
                + #""call":"https://h/calls/c","media":"https://h/media/c-1.wav","#
                + #""file":"recordings/2013/02/08/20130208T131547Z_r-1.wav","bytes":1496384,"#
                + #""sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","#
                + #""contentType":"audio/wav","etag":"\"e,1\"","lastModified":null,"#
                + #""audio":{"container":"wav","encoding":"pcm_s16le","channels":1,"#
                + #""sampleRate":8000,"durationSeconds":93.52},"#
                + #""archivedAt":"2026-01-02T03:04:03Z","sequence":17,"listed":true,"error":null}"#)
    }

    @Test func `absent values are null and never left out`() {
        #expect(
            text(ManifestEntryJSON.bytes(SampleEntries.bare))
                == #"{"id":"r\n\"2\"","state":null,"status":"waiting","startTime":null,"#
                + #""endTime":null,"call":null,"media":null,"file":null,"bytes":null,"#
                + #""sha256":null,"contentType":null,"etag":null,"lastModified":null,"#
                + #""audio":null,"archivedAt":null,"sequence":null,"listed":false,"error":null}"#)
        let failed = text(ManifestEntryJSON.bytes(SampleEntries.failed))
        #expect(
            failed.contains(
                #""audio":{"container":"mp3","encoding":null,"channels":null,"sampleRate":null,"#
                    + #""durationSeconds":null}"#))
        #expect(
            failed.hasSuffix(
                #""error":{"code":"not-audio","message":"it is text: a, \"b\"\r\n","#
                    + #""attempts":3,"lastAttemptAt":"2026-01-02T03:04:05Z"}}"#))
    }

    @Test func `the document is one JSON text with an entry a line`() throws {
        let bytes = SampleEntries.document()
        var cursor = JSONCursor()
        _ = try cursor.value(bytes.span)
        try cursor.expectEnd(bytes.span)
        let lines = text(bytes).split(separator: "\n", omittingEmptySubsequences: false)
        let header = [
            "{", #""schema":"callarchive.manifest/1","#, #""generator":"callarchive 0.1.0","#,
            #""generatedAt":"2026-01-02T03:04:05Z","#, #""provider":"catapult","#,
            #""account":"u-123","#,
            #""listing":{"complete":true,"completedAt":"2026-01-02T03:04:01Z","pages":4},"#,
            #""summary":{"listed":3,"archived":1,"waiting":1,"pending":0,"failed":1,"gone":0,"#
                + #""unavailable":0,"bytes":1496384},"#,
            #""recordings":["#,
        ]
        #expect(Array(lines.prefix(9)) == header.map { Substring($0) })
        #expect(lines.dropFirst(9).prefix(3).allSatisfy { $0.hasPrefix("{\"id\":") })
        #expect(Array(lines.dropFirst(12)) == ["]}", ""])
    }

    @Test func `a document without entries is valid`() throws {
        let bytes = SampleEntries.document([])
        var entries = 0
        let reader = try ManifestReader(bytes.span) { _ in entries += 1 }
        #expect(entries == 0)
        #expect(reader.account == "u-123")
    }

    @Test func `what is written is read back`() throws {
        var entries: [ArchiveEntry] = []
        let reader = try ManifestReader(SampleEntries.document().span) { entries.append($0) }
        var expected = SampleEntries.all
        // Times of ours have whole seconds.
        expected[0].archivedAt = Timestamp(iso8601: "2026-01-02T03:04:03Z")
        #expect(entries == expected)
        #expect(reader.generator == "callarchive 0.1.0")
        #expect(reader.provider == "catapult")
        #expect(reader.account == "u-123")
        #expect(reader.listing == SampleEntries.header.listing)
        #expect(reader.unreadable == 0)
    }
}
