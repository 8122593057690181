import CallArchive
import Testing

@Suite struct MP3InspectorTests {
    /// MPEG 2, layer III, 32 kbit/s, 16 kHz, mono: 144 bytes a frame, 36 ms.
    private static let header: [UInt8] = [0xFF, 0xF3, 0x48, 0xC4]
    private static let frame = header + [UInt8](repeating: 0, count: 140)

    private static func frames(_ count: Int) -> [UInt8] { (0..<count).flatMap { _ in frame } }

    private static func tag(_ length: Int) -> [UInt8] {
        let size = [length >> 21 & 127, length >> 14 & 127, length >> 7 & 127, length & 127]
        return Array("ID3".utf8) + [4, 0, 0] + size.map { UInt8($0) }
            + [UInt8](repeating: 0, count: length)
    }

    private func inspect(_ bytes: [UInt8]) -> AudioVerdict {
        AudioInspector.inspect(BytesInMemory(bytes))
    }

    private func expect(
        _ bytes: [UInt8], seconds: Double, warnings: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard case .accepted(let audio, let found) = inspect(bytes) else {
            Issue.record("refused: \(inspect(bytes))", sourceLocation: sourceLocation)
            return
        }
        #expect(audio.container == "mp3" && audio.encoding == "mp3", sourceLocation: sourceLocation)
        #expect(audio.channels == 1 && audio.sampleRate == 16_000, sourceLocation: sourceLocation)
        #expect(
            ((audio.durationSeconds ?? 0) - seconds).magnitude < 0.001, "\(audio)",
            sourceLocation: sourceLocation)
        #expect(found.count == warnings, "\(found)", sourceLocation: sourceLocation)
    }

    @Test func `frames that follow each other are an MP3`() {
        expect(Self.frames(100), seconds: 3.6)
        expect(Self.frames(2), seconds: 0.072)
        expect(Self.frames(1), seconds: 0.036)
    }

    @Test func `tags in front and behind are left out`() {
        expect(Self.tag(20) + Self.frames(10), seconds: 0.36)
        expect(Self.tag(50_000) + Self.frames(10), seconds: 0.36)
        expect(Self.tag(3) + Self.tag(300) + Self.frames(10), seconds: 0.36)
        let trailer = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)
        expect(Self.frames(10) + trailer, seconds: 0.36)
        expect(Self.frames(1) + trailer, seconds: 0.036)
    }

    @Test(arguments: ["Xing", "Info"])
    func `the encoder's count of frames gives the duration`(word: String) {
        let index = Array(word.utf8) + [0, 0, 0, 3, 0, 0, 3, 0xE8, 0, 0, 0, 144]
        let first = Self.header + [UInt8](repeating: 0, count: 9) + index
        let padded = first + [UInt8](repeating: 0, count: 144 - first.count)
        expect(padded + Self.frames(9), seconds: 36)
    }

    @Test func `a VBRI header gives the duration`() {
        let index =
            Array("VBRI".utf8) + [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0xE8]
        let first = Self.header + [UInt8](repeating: 0, count: 32) + index
        let padded = first + [UInt8](repeating: 0, count: 144 - first.count)
        expect(padded + Self.frames(9), seconds: 36)
    }

    @Test func `a few bytes before the first frame are warned of`() {
        expect([1, 2, 3, 0xFF, 0xFB] + Self.frames(10), seconds: 0.36, warnings: 1)
    }

    @Test func `changing bit rates are averaged`() {
        // 64 kbit/s: 288 bytes a frame.
        let large = [0xFF, 0xF3, 0x88, 0xC4] + [UInt8](repeating: 0, count: 284)
        let bytes = (0..<50).flatMap { _ in Self.frame + large }
        guard case .accepted(let audio, _) = inspect(bytes) else {
            Issue.record("refused")
            return
        }
        let seconds = audio.durationSeconds ?? 0
        #expect((seconds - 3.6).magnitude < 0.2, "\(seconds)")
    }

    @Test func `a cut file is truncated`() {
        let cases = [
            Array(Self.frame.prefix(100)), Array(Self.tag(5000).prefix(1000)),
            Array(Self.tag(50).prefix(60)),
        ]
        for bytes in cases {
            guard case .rejected(.truncated, _) = inspect(bytes) else {
                Issue.record("\(inspect(bytes))")
                return
            }
        }
        let index = Array("Xing".utf8) + [0, 0, 0, 3, 0, 0, 3, 0xE8, 0, 0, 0xFF, 0xFF]
        let first = Self.header + [UInt8](repeating: 0, count: 9) + index
        let padded = first + [UInt8](repeating: 0, count: 144 - first.count)
        guard case .rejected(.truncated, _) = inspect(padded + Self.frames(9)) else {
            Issue.record("accepted")
            return
        }
    }

    @Test(
        arguments: [
            [0xFF, 0xFF, 0x48, 0xC4], [0xFF, 0xF1, 0x50, 0x80], [0xFF, 0xEB, 0x48, 0xC4],
            [0xFF, 0xF3, 0xF8, 0xC4], [0xFF, 0xF3, 0x08, 0xC4], [0xFF, 0xF3, 0x4C, 0xC4],
            [0xFF, 0xF3, 0x48, 0xC6],
        ] as [[UInt8]])
    func `a reserved or free header is none`(header: [UInt8]) {
        let frame = header + [UInt8](repeating: 0, count: 140)
        guard case .rejected(.notAudio, _) = inspect(frame + frame + frame) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func `frames that don't agree are no MP3`() {
        let other: [UInt8] = [0xFF, 0xFB, 0x90, 0xC4] + [UInt8](repeating: 0, count: 413)
        guard case .rejected(.notAudio, _) = inspect(Self.frame + other + Self.frame) else {
            Issue.record("accepted")
            return
        }
        guard case .rejected(.damaged, _) = inspect(Self.tag(10) + Array("no audio".utf8)) else {
            Issue.record("accepted")
            return
        }
    }
}
