import CallArchive
import Testing

@Suite struct WaveInspectorTests {
    private func inspect(_ bytes: [UInt8]) -> AudioVerdict {
        AudioInspector.inspect(BytesInMemory(bytes))
    }

    private func accepted(
        _ build: (inout WaveBuilder) -> Void
    ) throws -> (audio: AudioProperties, warnings: [String]) {
        var builder = WaveBuilder()
        build(&builder)
        let verdict = inspect(builder.bytes)
        guard case .accepted(let audio, let warnings) = verdict else {
            throw Refused(verdict: verdict)
        }
        return (audio, warnings)
    }

    private struct Refused: Error {
        var verdict: AudioVerdict
    }

    @Test(
        arguments: [
            (1, 8, "pcm_u8"), (1, 16, "pcm_s16le"), (1, 12, "pcm_s16le"), (1, 24, "pcm_s24le"),
            (1, 32, "pcm_s32le"), (1, 0, nil), (3, 32, "pcm_f32le"), (3, 64, "pcm_f64le"),
            (3, 8, nil),
            (2, 4, "adpcm_ms"), (6, 8, "pcm_alaw"), (7, 8, "pcm_mulaw"), (0x11, 4, "adpcm_ima_wav"),
            (0x31, 0, "gsm_ms"), (0x45, 4, "adpcm_g726"), (0x64, 4, "adpcm_g726"),
            (0x65, 8, "adpcm_g722"), (0x28F, 8, "adpcm_g722"), (0x55, 0, "mp3"), (0x1234, 16, nil),
        ] as [(UInt16, UInt16, String?)])
    func `a format tag names its codec`(tag: UInt16, bits: UInt16, encoding: String?) throws {
        let found = try accepted {
            $0.format(tag: tag, bits: bits, align: 1, byteRate: 8000)
            $0.data(800)
        }
        #expect(found.audio.encoding == encoding)
        #expect(found.audio.container == "wav")
        #expect(found.audio.sampleRate == 8000)
        #expect(found.audio.durationSeconds == 0.1)
    }

    @Test func `a sub-format counts when it is a format tag`() throws {
        let tail: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        for (tag, last, encoding) in [
            (3, 0x71, "pcm_f32le"), (1, 0x71, "pcm_s32le"), (3, 0x72, nil),
        ]
            as [(UInt8, UInt8, String?)]
        {
            let extra = [22, 0, 32, 0, 0, 0, 0, 0, tag, 0] + tail.dropLast() + [last]
            let found = try accepted {
                $0.format(tag: 0xFFFE, channels: 2, bits: 32, extra: extra)
                $0.data(6400)
            }
            #expect(found.audio.encoding == encoding)
            #expect(found.audio.channels == 2)
            #expect(found.audio.durationSeconds == 0.1)
        }
    }

    @Test func `chunks may stand in any order and have odd lengths`() throws {
        let found = try accepted {
            $0.chunk("LIST", [1, 2, 3])
            $0.data(1600)
            $0.chunk("bext", [UInt8](repeating: 9, count: 9001))
            $0.format()
            $0.chunk("id3 ", [1])
        }
        #expect(found.audio.encoding == "pcm_s16le")
        #expect(found.audio.durationSeconds == 0.1)
        #expect(found.warnings.isEmpty)
    }

    @Test func `an odd last chunk needs no padding`() throws {
        var builder = WaveBuilder()
        builder.format(tag: 7, bits: 8)
        builder.data(801)
        let bytes = Array(builder.bytes.dropLast())
        guard case .accepted(let audio, _) = inspect(bytes) else {
            Issue.record("refused")
            return
        }
        #expect(audio.durationSeconds == 801.0 / 8000)
    }

    @Test func `a fact chunk counts the samples of block codecs only`() throws {
        let fact = WaveBuilder.number(UInt32(1234))
        let gsm = try accepted {
            $0.format(tag: 0x31, bits: 0, align: 65, byteRate: 1625, extra: [2, 0, 0x40, 1])
            $0.chunk("fact", fact)
            $0.data(650)
        }
        #expect(gsm.audio.durationSeconds == 1234.0 / 8000)
        let behind = try accepted {
            $0.format(tag: 0x31, bits: 0, align: 65, byteRate: 1625, extra: [2, 0, 0x40, 1])
            $0.data(650)
            $0.chunk("fact", fact)
        }
        #expect(behind.audio.durationSeconds == 1234.0 / 8000)
        let without = try accepted {
            $0.format(tag: 0x31, bits: 0, align: 65, byteRate: 1625, extra: [2, 0, 0x40, 1])
            $0.data(650)
        }
        #expect(without.audio.durationSeconds == 0.4)
        let pcm = try accepted {
            $0.format()
            $0.chunk("fact", fact)
            $0.data(1600)
        }
        #expect(pcm.audio.durationSeconds == 0.1)
    }

    @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000, 0x7FFF_EFC2] as [UInt32])
    func `a placeholder for the length is warned of`(declared: UInt32) throws {
        let found = try accepted {
            $0.declared = declared
            $0.format()
            $0.data(1600, declared: declared)
        }
        #expect(found.audio.durationSeconds == 0.1)
        #expect(found.warnings == ["the header doesn't say how long the audio is"])
    }

    @Test func `a recording without audio is kept, with a warning`() throws {
        let bare = try accepted {
            $0.format()
            $0.data(0)
        }
        #expect(bare.audio.durationSeconds == 0)
        #expect(bare.warnings == ["the file holds no audio"])
        let trailed = try accepted {
            $0.format()
            $0.data(0)
            $0.chunk("LIST", [1, 2, 3, 4])
        }
        #expect(trailed.audio.durationSeconds == 0)
        #expect(trailed.warnings == ["the file holds no audio"])
    }

    @Test func `an outermost length that doesn't fit is warned of`() throws {
        let more = try accepted {
            $0.format()
            $0.data(1600)
            $0.declared = 9999
        }
        #expect(more.warnings == ["the header declares more bytes than the file has"])
        let fewer = try accepted {
            $0.format()
            $0.data(1600)
            $0.declared = 100
        }
        #expect(fewer.warnings == ["the header declares fewer bytes than the audio has"])
        var builder = WaveBuilder()
        builder.format()
        builder.data(1600)
        let verdict = inspect(builder.bytes + [UInt8](repeating: 0, count: 10))
        guard case .accepted(_, let warnings) = verdict else {
            Issue.record("refused: \(verdict)")
            return
        }
        #expect(warnings == ["10 bytes behind the end that the header declares"])
    }

    @Test(arguments: ["RF64", "BW64"])
    func `long lengths stand in their own chunk`(container: String) throws {
        let sizes =
            WaveBuilder.number(UInt64(1664)) + WaveBuilder.number(UInt64(1600))
            + WaveBuilder.number(UInt64(800)) + WaveBuilder.number(UInt32(0))
        let found = try accepted {
            $0.container = container
            $0.declared = .max
            $0.chunk("ds64", sizes)
            $0.format()
            $0.data(1600, declared: .max)
            $0.chunk("LIST", [1, 2])
        }
        #expect(found.audio.container == "wav")
        #expect(found.audio.durationSeconds == 0.1)
    }

    @Test func `what declares more audio than it holds is truncated`() {
        var builder = WaveBuilder()
        builder.format()
        builder.data(1600, declared: 1602)
        #expect(
            inspect(builder.bytes)
                == .rejected(
                    .truncated,
                    message:
                        "the WAVE file is cut: its audio is declared as 1602 bytes, it has 1600"))
        var long = WaveBuilder(container: "RF64")
        let sizes =
            WaveBuilder.number(UInt64(1 << 40)) + WaveBuilder.number(UInt64.max - 1)
            + WaveBuilder.number(UInt64(0)) + WaveBuilder.number(UInt32(0))
        long.chunk("ds64", sizes)
        long.format()
        long.data(1600, declared: .max)
        guard case .rejected(.truncated, _) = inspect(long.bytes) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func `what lacks a part is damaged`() {
        var noFormat = WaveBuilder()
        noFormat.data(1600)
        #expect(
            inspect(noFormat.bytes)
                == .rejected(.damaged, message: "the WAVE file has no format"))
        var noData = WaveBuilder()
        noData.format()
        #expect(
            inspect(noData.bytes) == .rejected(.damaged, message: "the WAVE file has no audio"))
        var short = WaveBuilder()
        short.chunk("fmt ", [1, 0, 1, 0])
        short.data(16)
        #expect(
            inspect(short.bytes) == .rejected(.damaged, message: "the WAVE file has no format"))
    }

    @Test func `a format of nothing is kept, with a warning`() throws {
        let found = try accepted {
            $0.format(channels: 0, rate: 0, align: 0, byteRate: 0)
            $0.data(16)
        }
        #expect(found.audio.channels == nil && found.audio.sampleRate == nil)
        #expect(found.audio.durationSeconds == nil)
        #expect(found.warnings.count == 1)
    }
}
