import CallArchive
import Platform
import Testing

@Suite struct AudioInspectorTests {
    private func inspect(_ bytes: [UInt8]) -> AudioVerdict {
        AudioInspector.inspect(BytesInMemory(bytes))
    }

    @Test(
        arguments: [
            ("", .empty, "the file is empty"),
            ("  \n", .notAudio, "it holds white space only"),
            ("<!DOCTYPE html><h1>Bad Gateway</h1>", .html, "it is an HTML page: Bad Gateway"),
            ("\u{FEFF} <HTML><body>no", .html, "it is an HTML page: no"),
            (
                "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>", .xml,
                "it is XML: NoSuchKey"
            ),
            ("{\"code\":\"media-not-found\"}", .json, "it is JSON: {\"code\":\"media-not-found\"}"),
            ("[]", .json, "it is JSON: []"), ("{\"cut", .json, "it is JSON: {\"cut"),
            ("{not json}", .notAudio, "it is text: {not json}"),
            ("Not Found", .notAudio, "it is text: Not Found"),
            ("OggS....", .notAudio, "it is an Ogg file"),
            ("%PDF-1.4", .notAudio, "it is a PDF document"),
            ("RIFF....AVI LIST", .notAudio, "it is a RIFF file other than WAVE"),
            ("RIFX....WAVEfmt ", .notAudio, "it is a big-endian RIFF file"),
            ("....ftypisom", .notAudio, "it is an MP4 file"),
        ] as [(String, AudioVerdict.Rejection, String)])
    func `what is no audio is named`(
        text: String, rejection: AudioVerdict.Rejection, message: String
    ) {
        #expect(inspect(Array(text.utf8)) == .rejected(rejection, message: message))
    }

    @Test(
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], "it is a PNG image"),
            ([0x1F, 0x8B, 8, 0], "it is gzip data"),
            ([0, 1, 2, 0xAB], "it is no audio file; it begins with 0x000102ab"),
            (
                [UInt8](repeating: 0, count: 5000),
                "it is no audio file; it begins with 0x0000000000000000"
            ),
        ] as [([UInt8], String)])
    func `binary data that is no audio is named`(bytes: [UInt8], message: String) {
        #expect(inspect(bytes) == .rejected(.notAudio, message: message))
    }

    @Test func `a message holds nothing that steers a terminal`() {
        guard case .rejected(_, let message) = inspect(Array("\u{1B}[31mno\u{7}thing here".utf8))
        else {
            Issue.record("accepted")
            return
        }
        #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    }

    @Test(
        arguments: [
            (93.5, 0, 93_500, nil), (93.5, 0, 95_400, nil), (90, 0, 94_000, nil),
            (1000, 0, 1_040_000, nil),
            (90, 0, 100_000, "the audio lasts 90 s, the recording 100 s"),
            (0, 0, 60_000, "the audio lasts 0 s, the recording 60 s"),
            (60.25, 0, 10_500, "the audio lasts 60.3 s, the recording 10.5 s"),
            (1, 5000, 0, "the recording ends before it starts"),
        ] as [(Double, Int64, Int64, String?)])
    func `a duration far from the recording's is warned of`(
        seconds: Double, start: Int64, end: Int64, warning: String?
    ) {
        let audio = AudioProperties(container: "wav", durationSeconds: seconds)
        #expect(
            AudioInspector.durationWarning(
                audio, start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end))
                == warning)
    }

    @Test func `an unknown time gives no warning`() {
        let audio = AudioProperties(container: "wav", durationSeconds: 5)
        let moment = Timestamp(milliseconds: 0)
        #expect(AudioInspector.durationWarning(audio, start: nil, end: moment) == nil)
        #expect(AudioInspector.durationWarning(audio, start: moment, end: nil) == nil)
        let silent = AudioProperties(container: "wav")
        #expect(AudioInspector.durationWarning(silent, start: moment, end: moment) == nil)
    }

    @Test func `rejections have stable words`() {
        #expect(
            AudioVerdict.Rejection.allCases.map(\.rawValue) == [
                "empty", "html", "json", "xml", "not-audio", "truncated-audio", "damaged-audio",
            ])
    }
}
