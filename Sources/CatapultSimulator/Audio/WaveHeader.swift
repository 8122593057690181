/// Builds what stands before and after the data of a WAVE file.
struct WaveHeader {
    let kind: AudioKind
    let dataBytes: Int64

    /// `LIST`/`INFO` with one entry, after the data of kind `list`.
    static let trailer: [UInt8] = {
        let text = Array("simulated recording\u{0}".utf8)
        var info = Array("INFOISFT".utf8)
        append32(UInt32(text.count), to: &info)
        info += text
        var chunk = Array("LIST".utf8)
        append32(UInt32(info.count), to: &chunk)
        return chunk + info
    }()

    /// A header's length doesn't depend on what follows.
    static func length(of kind: AudioKind) -> Int64 {
        switch kind {
        case .mp3: 0
        case .mulaw, .alaw: 58
        case .gsm: 60
        case .extensible: 68
        case .rf64: 80
        default: 44
        }
    }

    var bytes: [UInt8] {
        let format = formatChunk
        let trailerBytes = kind == .list ? Int64(Self.trailer.count) : 0
        // What follows the RIFF size: "WAVE", the chunks before the data, its header, itself.
        let sizes = kind == .rf64 ? 36 : 0
        let riffBytes = 4 + Int64(sizes + format.count) + 8 + dataBytes + trailerBytes

        var bytes = Array((kind == .rf64 ? "RF64" : "RIFF").utf8)
        Self.append32(declared(riffBytes), to: &bytes)
        bytes += Array("WAVE".utf8)
        if kind == .rf64 {
            bytes += Array("ds64".utf8)
            Self.append32(28, to: &bytes)
            Self.append64(UInt64(riffBytes), to: &bytes)
            Self.append64(UInt64(dataBytes), to: &bytes)
            Self.append64(UInt64(dataBytes / 2), to: &bytes)
            Self.append32(0, to: &bytes)
        }
        bytes += format
        bytes += Array("data".utf8)
        Self.append32(declared(dataBytes), to: &bytes)
        return bytes
    }

    private func declared(_ size: Int64) -> UInt32 {
        switch kind {
        case .placeholderZero: 0
        case .placeholderMax, .rf64: .max
        default: UInt32(clamping: size)
        }
    }

    /// `fmt `, and `fact` where the encoding asks for it.
    private var formatChunk: [UInt8] {
        var format: [UInt8] = []
        let (tag, bits, blockAlign): (UInt16, UInt16, UInt16) =
            switch kind {
            case .mulaw: (7, 8, 1)
            case .alaw: (6, 8, 1)
            case .gsm: (0x31, 0, 65)
            case .extensible: (0xFFFE, 16, 2)
            case .stereo: (1, 16, 4)
            default: (1, 16, 2)
            }
        Self.append16(tag, to: &format)
        Self.append16(UInt16(kind.channels), to: &format)
        Self.append32(UInt32(kind.sampleRate), to: &format)
        let byteRate = kind == .gsm ? 1625 : UInt32(kind.sampleRate) * UInt32(blockAlign)
        Self.append32(byteRate, to: &format)
        Self.append16(blockAlign, to: &format)
        Self.append16(bits, to: &format)
        switch kind {
        case .mulaw, .alaw: Self.append16(0, to: &format)
        case .gsm:
            Self.append16(2, to: &format)
            Self.append16(320, to: &format)
        case .extensible:
            Self.append16(22, to: &format)
            Self.append16(16, to: &format)
            Self.append32(4, to: &format)
            // KSDATAFORMAT_SUBTYPE_PCM
            format += [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        default: break
        }
        var chunk = Array("fmt ".utf8)
        Self.append32(UInt32(format.count), to: &chunk)
        chunk += format
        if [.mulaw, .alaw, .gsm].contains(kind) {
            chunk += Array("fact".utf8)
            Self.append32(4, to: &chunk)
            let samples = dataBytes / kind.blockBytes * kind.blockSamples
            Self.append32(UInt32(clamping: samples), to: &chunk)
        }
        return chunk
    }

    private static func append16(_ value: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    private static func append32(_ value: UInt32, to bytes: inout [UInt8]) {
        append16(UInt16(truncatingIfNeeded: value), to: &bytes)
        append16(UInt16(truncatingIfNeeded: value >> 16), to: &bytes)
    }

    private static func append64(_ value: UInt64, to bytes: inout [UInt8]) {
        append32(UInt32(truncatingIfNeeded: value), to: &bytes)
        append32(UInt32(truncatingIfNeeded: value >> 32), to: &bytes)
    }
}
