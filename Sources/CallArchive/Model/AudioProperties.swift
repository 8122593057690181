/// What the bytes of an audio file say of themselves.
package struct AudioProperties: Sendable, Equatable {
    /// "wav" (RF64 too) or "mp3".
    package var container: String
    /// ffmpeg's name of the codec, as `pcm_s16le`; nil when unknown.
    package var encoding: String?
    package var channels: Int?
    /// Samples per second of one channel.
    package var sampleRate: Int?
    package var durationSeconds: Double?

    package init(
        container: String, encoding: String? = nil, channels: Int? = nil, sampleRate: Int? = nil,
        durationSeconds: Double? = nil
    ) {
        self.container = container
        self.encoding = encoding
        self.channels = channels
        self.sampleRate = sampleRate
        self.durationSeconds = durationSeconds
    }
}
