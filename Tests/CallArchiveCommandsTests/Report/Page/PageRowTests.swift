import CallArchive
import Platform
import Testing

@testable import CallArchiveCommands

struct PageRowTests {
    private func text(_ entries: [ArchiveEntry], _ waveform: Waveform? = nil) -> [String] {
        var row = PageRow()
        row.begin()
        return entries.map { String(decoding: row.bytes($0, waveform), as: UTF8.self) }
    }

    private var archived: ArchiveEntry {
        var entry = ArchiveEntry(id: "r-1", status: .archived)
        entry.state = "complete"
        entry.startTime = "2013-02-08T13:15:47.587Z"
        entry.call = "https://h/v1/users/u/calls/c-1"
        entry.file = "recordings/2013/02/08/20130208T131547Z_r-1.wav"
        entry.bytes = 1_496_384
        entry.audio = AudioProperties(
            container: "wav", encoding: "pcm_s16le", channels: 1, sampleRate: 8000,
            durationSeconds: 93.5249)
        entry.archivedAt = Timestamp(milliseconds: 1_767_323_043_999)
        entry.sequence = 17
        return entry
    }

    @Test func `an archived recording has its places, and what it shares with the last is 0`() {
        let wave = Waveform(channels: [[0, 255], [1, 2]])
        #expect(
            text([archived, archived], wave) == [
                #"["r-1",0,1360329347587,93.52,1496384,"recordings/2013/02/08","#
                    + #""20130208T131547Z_*.wav","wav/pcm_s16le/8000/1","c-1",17,1767323043,"AP8=,AQI="]"#,
                #"["r-1",0,1360329347587,93.52,1496384,0,"20130208T131547Z_*.wav",0,"c-1",17,"#
                    + #"1767323043,"AP8=,AQI="]"#,
            ])
    }

    @Test func `a failed one has its reason, and what is not known is null`() {
        var entry = ArchiveEntry(id: "r-2", status: .failed)
        entry.state = "complete"
        entry.startTime = "2013-02-08T13:15:47Z"
        entry.endTime = "2013-02-08T13:16:47.5Z"
        entry.error = FailureRecord(
            code: "html", message: "it is <b>HTML</b>", attempts: 3,
            lastAttemptAt: Timestamp(milliseconds: 5000))
        #expect(
            text([entry]) == [
                #"["r-2",5,1360329347000,60.5,null,null,null,null,null,null,null,null,"#
                    + #"["html","it is \u003cb>HTML\u003c/b>",3,5]]"#
            ])
    }

    @Test func `a time that is none stays as it was written`() {
        var entry = ArchiveEntry(id: "r-3", status: .waiting)
        entry.startTime = "soon"
        entry.state = "saving"
        entry.callDetails = CallDetails(from: "+1919", to: "sip:<b>@h")
        #expect(
            text([entry, ArchiveEntry(id: "r-4", status: .pending)]) == [
                #"["r-3",2,"soon",null,null,null,null,null,null,null,null,null,null,"saving","+1919","#
                    + #""sip:\u003cb>@h"]"#,
                #"["r-4",1]"#,
            ])
    }

    @Test func `a transcription beside the audio is a mark, one elsewhere is its path`() {
        var entry = archived
        entry.transcription = Transcription(
            state: "completed", file: "recordings/2013/02/08/20130208T131547Z_r-1.txt")
        #expect(text([entry])[0].hasSuffix(",1767323043,null,null,null,null,null,1]"))
        entry.transcription?.file = "recordings/2013/02/08/<other>.txt"
        #expect(text([entry])[0].hasSuffix(#","recordings/2013/02/08/\u003cother>.txt"]"#))
        entry.transcription?.file = nil
        #expect(text([entry])[0].hasSuffix(",1767323043]"))
    }

    @Test(arguments: [
        "</script><script>", "<!--<script>", "\"\\\u{0}\u{1f}\n\r\u{7f}", "\u{202e}\u{2028}",
        "{{data}}",
    ])
    func `no id ends its element`(id: String) throws {
        var entry = archived
        entry.id = id
        entry.call = "https://h/\(id)"
        let row = text([entry])[0]
        #expect(!row.contains("<") && !row.unicodeScalars.contains { $0.value < 0x20 })
        #expect(row.hasPrefix("[\"") && row.hasSuffix("]"))
    }

    @Test func `a name is shortened only where that can be undone`() {
        var entry = archived
        entry.id = "a b"
        entry.file = "recordings/undated/a%20b.wav"
        #expect(text([entry])[0].contains(#""recordings/undated","a%20b.wav""#))
        entry.id = ""
        #expect(text([entry])[0].contains(#""a%20b.wav""#))
    }
}
