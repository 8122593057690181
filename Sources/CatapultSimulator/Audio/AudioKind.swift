/// What a recording's media is made of.
package enum AudioKind: String, Sendable, Codable, CaseIterable {
    /// 16-bit PCM, 8 kHz, mono: the default.
    case pcm
    /// 16-bit PCM, 44.1 kHz, mono.
    case pcm44
    /// 16-bit PCM, 8 kHz, two channels.
    case stereo
    /// G.711 µ-law, 8 kHz, mono.
    case mulaw
    /// G.711 A-law, 8 kHz, mono.
    case alaw
    /// Microsoft's GSM 6.10 in blocks of 65 bytes.
    case gsm
    /// PCM under WAVE_FORMAT_EXTENSIBLE.
    case extensible
    /// RF64 with a `ds64` chunk.
    case rf64
    /// PCM with a `LIST` chunk after the data.
    case list
    /// PCM whose RIFF and data sizes are 0, as streaming writers leave them.
    case placeholderZero = "placeholder-zero"
    /// PCM whose RIFF and data sizes are 0xFFFFFFFF.
    case placeholderMax = "placeholder-max"
    /// MPEG-1 layer III frames, 128 kbit/s, 44.1 kHz, mono.
    case mp3

    var fileExtension: String { self == .mp3 ? "mp3" : "wav" }
    var contentType: String { self == .mp3 ? "audio/mp3" : "audio/wav" }

    var sampleRate: Int64 {
        switch self {
        case .pcm44, .mp3: 44_100
        default: 8000
        }
    }

    var channels: Int64 { self == .stereo ? 2 : 1 }

    /// Bytes of data per block, the unit in which the data grows.
    var blockBytes: Int64 {
        switch self {
        case .mulaw, .alaw: 2
        case .gsm: 130
        case .stereo: 4
        case .mp3: MP3Frames.frameBytes
        default: 2
        }
    }

    /// Samples per channel that one block holds.
    var blockSamples: Int64 {
        switch self {
        case .mulaw, .alaw: 2
        case .gsm: 640
        case .mp3: 1152
        default: 1
        }
    }
}
