import CallArchive
import Testing

/// Files of a tenth of a second, written by sox and ffmpeg; the expectations are ffprobe's.
@Suite struct RealAudioTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var file: String
        var encoding: String
        var channels = 1
        var sampleRate = 8000
        var seconds = 0.1
        var tolerance = 0.0005
        var warnings = 0
        var testDescription: String { file }
    }

    @Test(arguments: [
        Sample(file: "pcm_u8.wav", encoding: "pcm_u8"),
        Sample(file: "pcm_s16le.wav", encoding: "pcm_s16le"),
        Sample(file: "stereo.wav", encoding: "pcm_s16le", channels: 2),
        Sample(file: "pcm_s24le.wav", encoding: "pcm_s24le"),
        Sample(file: "pcm_s32le.wav", encoding: "pcm_s32le"),
        Sample(file: "pcm_f32le.wav", encoding: "pcm_f32le"),
        Sample(file: "pcm_f64le.wav", encoding: "pcm_f64le"),
        Sample(file: "pcm_mulaw.wav", encoding: "pcm_mulaw"),
        Sample(file: "pcm_alaw.wav", encoding: "pcm_alaw"),
        Sample(file: "gsm_ms.wav", encoding: "gsm_ms"),
        Sample(file: "adpcm_ima_wav.wav", encoding: "adpcm_ima_wav"),
        Sample(file: "adpcm_ms.wav", encoding: "adpcm_ms"),
        Sample(file: "adpcm_g722.wav", encoding: "adpcm_g722", sampleRate: 16_000),
        Sample(file: "adpcm_g726.wav", encoding: "adpcm_g726"),
        Sample(file: "mp3.wav", encoding: "mp3", seconds: 0.23, tolerance: 0.06),
        Sample(file: "extensible.wav", encoding: "pcm_s16le", channels: 6),
        Sample(file: "rf64.wav", encoding: "pcm_s16le"),
        Sample(file: "piped-ffmpeg.wav", encoding: "pcm_s16le", warnings: 1),
        Sample(file: "cbr.mp3", encoding: "mp3", seconds: 0.288, tolerance: 0.08),
        Sample(file: "bare.mp3", encoding: "mp3", seconds: 0.288),
        Sample(
            file: "vbr.mp3", encoding: "mp3", sampleRate: 44_100, seconds: 0.13, tolerance: 0.06),
        Sample(
            file: "tagged.mp3", encoding: "mp3", channels: 2, sampleRate: 44_100, seconds: 0.1309,
            tolerance: 0.03),
    ])
    func `a real file is accepted with its properties`(sample: Sample) throws {
        let bytes = try Fixtures.bytes("audio/" + sample.file)
        let verdict = AudioInspector.inspect(BytesInMemory(bytes))
        guard case .accepted(let audio, let warnings) = verdict else {
            Issue.record("refused: \(verdict)")
            return
        }
        #expect(audio.container == (sample.file.hasSuffix(".mp3") ? "mp3" : "wav"))
        #expect(audio.encoding == sample.encoding)
        #expect(audio.channels == sample.channels)
        #expect(audio.sampleRate == sample.sampleRate)
        let seconds = try #require(audio.durationSeconds)
        #expect((seconds - sample.seconds).magnitude <= sample.tolerance, "\(seconds)")
        #expect(warnings.count == sample.warnings, "\(warnings)")
    }

    @Test(arguments: ["pcm_s16le.wav", "gsm_ms.wav", "rf64.wav", "extensible.wav", "adpcm_ms.wav"])
    func `a real WAVE file cut anywhere is never accepted`(file: String) throws {
        let bytes = try Fixtures.bytes("audio/" + file)
        for length in 0..<bytes.count {
            let verdict = AudioInspector.inspect(BytesInMemory(Array(bytes[..<length])))
            guard case .rejected(let rejection, _) = verdict else {
                Issue.record("accepted at \(length) of \(bytes.count)")
                return
            }
            let expected: AudioVerdict.Rejection =
                length == 0 ? .empty : length < 4 ? .notAudio : .truncated
            #expect(rejection == expected, "at \(length)")
        }
    }
}
