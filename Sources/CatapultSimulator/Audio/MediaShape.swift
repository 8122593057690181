/// How the bytes of a media file are divided, which its kind and wanted size decide.
struct MediaShape: Sendable {
    let kind: AudioKind
    let headerBytes: Int64
    let dataBytes: Int64
    let trailerBytes: Int64

    /// - Parameter size: what the file should measure; rounded down to whole blocks of samples.
    init(kind: AudioKind, size: Int64) {
        self.kind = kind
        headerBytes = WaveHeader.length(of: kind)
        trailerBytes = kind == .list ? Int64(WaveHeader.trailer.count) : 0
        let blocks = max(0, size - headerBytes - trailerBytes) / kind.blockBytes
        dataBytes = (kind == .mp3 ? max(1, blocks) : blocks) * kind.blockBytes
    }

    /// The whole file in bytes.
    var size: Int64 { headerBytes + dataBytes + trailerBytes }

    /// How long the audio plays.
    var milliseconds: Int64 {
        dataBytes / kind.blockBytes * kind.blockSamples * 1000 / kind.sampleRate
    }
}
