/// How loud a recording is over its length, as a player draws it.
package struct Waveform: Sendable, Equatable {
    /// Stretches of equal length that a recording is cut into.
    package static let points = 200
    /// Of a longer stretch so many bytes are looked at, from its middle: an hour costs as much
    /// as a minute does.
    private static let mostBytes = 4096

    /// For each channel, the first two at most, the loudest sample of each stretch: 0 to 255.
    package var channels: [[UInt8]]

    package init(channels: [[UInt8]]) {
        self.channels = channels
    }

    /// nil when the bytes are no WAVE file, or one whose codec has no plain samples.
    static func measure<Source: RandomAccessBytes>(
        _ source: Source
    ) throws(Source.Failure) -> Waveform? {
        var inspector = WaveInspector(AudioWindow(source))
        guard let (format, data) = try inspector.layout(), let sample = SampleFormat(format),
            (1...64).contains(format.channels), format.blockAlign == sample.bytes * format.channels
        else { return nil }
        let frames = data.length / Int64(format.blockAlign)
        guard frames > 0 else { return nil }
        let shown = min(format.channels, 2)
        let mostFrames = Int64(max(mostBytes / format.blockAlign, 1))
        var waveform = Waveform(
            channels: [[UInt8]](repeating: [UInt8](repeating: 0, count: points), count: shown))
        for point in 0..<Int64(points) {
            let (first, end) = (
                part(frames, point), max(part(frames, point + 1), part(frames, point) + 1)
            )
            let count = min(end - first, mostFrames)
            let start = first + (end - first - count) / 2
            let bytes = try source.read(
                at: data.start + start * Int64(format.blockAlign),
                count: Int(count) * format.blockAlign)
            for channel in 0..<shown {
                waveform.channels[channel][Int(point)] = loudest(
                    bytes, sample, from: channel * sample.bytes, step: format.blockAlign)
            }
        }
        return waveform
    }

    /// Where a stretch begins, without a product that overflows.
    private static func part(_ frames: Int64, _ point: Int64) -> Int64 {
        frames / Int64(points) * point + frames % Int64(points) * point / Int64(points)
    }

    private static func loudest(
        _ bytes: [UInt8], _ sample: SampleFormat, from offset: Int, step: Int
    ) -> UInt8 {
        var loudest = 0
        var index = offset
        while index + sample.bytes <= bytes.count {
            loudest = max(loudest, sample.magnitude(bytes, at: index))
            index += step
        }
        return UInt8(min(loudest >> 7, 255))
    }
}
