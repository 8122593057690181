/// A WAVE file's `fmt ` chunk.
struct WaveFormat {
    private static let extensible: UInt64 = 0xFFFE
    /// The tail that all sub-formats share which are a format tag: …-0000-0010-8000-00AA00389B71.
    private static let tagTail: [UInt8] = [
        0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71,
    ]
    /// Bytes of the chunk that are looked at.
    static let longest = 40
    static let shortest = 14

    /// nil when a sub-format is no format tag.
    let tag: UInt64?
    let channels: Int
    let sampleRate: Int
    let byteRate: Int
    let blockAlign: Int
    let bitsPerSample: Int
    /// Of codecs that code in blocks; 0 when not said.
    let samplesPerBlock: Int

    /// `bytes` begin behind the chunk's header.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.shortest else { return nil }
        let outer = bytes.littleEndian(at: 0, bytes: 2)
        channels = Int(bytes.littleEndian(at: 2, bytes: 2))
        sampleRate = Int(bytes.littleEndian(at: 4, bytes: 4))
        byteRate = Int(bytes.littleEndian(at: 8, bytes: 4))
        blockAlign = Int(bytes.littleEndian(at: 12, bytes: 2))
        bitsPerSample = Int(bytes.littleEndian(at: 14, bytes: 2))
        samplesPerBlock = Int(bytes.littleEndian(at: 18, bytes: 2))
        if outer == Self.extensible {
            let isTag = bytes.dropFirst(26).prefix(14).elementsEqual(Self.tagTail)
            tag = isTag ? bytes.littleEndian(at: 24, bytes: 2) : nil
        } else {
            tag = outer
        }
    }

    /// ffmpeg's name of the codec; nil for one not known here.
    var encoding: String? {
        switch tag {
        case 0x0001: Self.integer(bits: bitsPerSample)
        case 0x0003: Self.float(bits: bitsPerSample)
        case 0x0002: "adpcm_ms"
        case 0x0006: "pcm_alaw"
        case 0x0007: "pcm_mulaw"
        case 0x0011: "adpcm_ima_wav"
        case 0x0014, 0x0040, 0x0045, 0x0064: "adpcm_g726"
        case 0x0031: "gsm_ms"
        case 0x0050: "mp2"
        case 0x0055: "mp3"
        case 0x0065, 0x028F: "adpcm_g722"
        default: nil
        }
    }

    private static func integer(bits: Int) -> String? {
        switch bits {
        case 1...8: "pcm_u8"
        case 9...16: "pcm_s16le"
        case 17...24: "pcm_s24le"
        case 25...32: "pcm_s32le"
        case 64: "pcm_s64le"
        default: nil
        }
    }

    private static func float(bits: Int) -> String? {
        switch bits {
        case 32: "pcm_f32le"
        case 64: "pcm_f64le"
        default: nil
        }
    }

    /// Every sample has its own bytes, so that bytes count samples.
    private var isUncompressed: Bool {
        switch tag {
        case 0x0001, 0x0003, 0x0006, 0x0007: true
        default: false
        }
    }

    /// Seconds of `dataBytes` of audio; `factSamples` is what a `fact` chunk counts.
    func duration(dataBytes: Int64, factSamples: Int64?) -> Double? {
        guard sampleRate > 0 else { return nil }
        let rate = Double(sampleRate)
        if isUncompressed, blockAlign > 0 {
            return Double(dataBytes / Int64(blockAlign)) / rate
        }
        if !isUncompressed, let factSamples, factSamples > 0 { return Double(factSamples) / rate }
        if !isUncompressed, blockAlign > 0, samplesPerBlock > 0, codesInBlocks {
            return Double(dataBytes / Int64(blockAlign)) * Double(samplesPerBlock) / rate
        }
        return byteRate > 0 ? Double(dataBytes) / Double(byteRate) : nil
    }

    private var codesInBlocks: Bool { tag == 0x0002 || tag == 0x0011 || tag == 0x0031 }
}
