import CallArchive
import Testing

@Suite struct ManifestCSVTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `the header has the members' names`() {
        let header = text(ManifestCSV.header())
        #expect(header.hasPrefix("id,state,status,startTime,endTime,call,media,file,bytes,sha256,"))
        #expect(
            header.hasSuffix(
                "listed,error.code,error.message,error.attempts,error.lastAttemptAt\r\n"))
    }

    @Test func `an archived entry is a row`() {
        #expect(
            text(ManifestCSV.row(SampleEntries.archived))
                == "r-1,complete,archived,2013-02-08T13:15:47.587Z,2013-02-08T13:17:12.181Z,"
                + "https://h/calls/c,https://h/media/c-1.wav,"
                + "recordings/2013/02/08/20130208T131547Z_r-1.wav,1496384,"
                + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,audio/wav,"
                + "\"\"\"e,1\"\"\",,wav,pcm_s16le,1,8000,93.52,2026-01-02T03:04:03Z,17,true,,,,\r\n"
        )
    }

    @Test func `fields with commas, quotes and line ends are quoted`() {
        #expect(
            text(ManifestCSV.row(SampleEntries.failed))
                == "é,complete,failed,,,,,,,,,,,mp3,,,,,,,true,not-audio,"
                + "\"it is text: a, \"\"b\"\"\r\n\",3,2026-01-02T03:04:05Z\r\n")
        #expect(text(ManifestCSV.row(SampleEntries.bare)).hasPrefix("\"r\n\"\"2\"\"\",,waiting,"))
    }

    @Test func `every row has as many fields as the header`() {
        let commas = ManifestCSV.columns.count - 1
        let entry = ArchiveEntry(id: "a", status: .pending)
        #expect(ManifestCSV.row(entry).filter { $0 == UInt8(ascii: ",") }.count == commas)
    }
}
