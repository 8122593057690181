package import CallArchive

/// What the progress line remembers of the last seconds, to say how fast it goes.
package struct ProgressHistory: Sendable {
    private struct Sample {
        let elapsed: Duration
        let bytes: Int64
    }

    /// The rate is the mean over this time.
    private static let window = Duration.seconds(10)

    private var samples: [Sample] = []
    private var files = 0
    private var elapsed = Duration.zero

    package init() {}

    /// `elapsed` is the time since the run began.
    package mutating func record(_ progress: SyncProgress, elapsed: Duration) {
        samples.append(Sample(elapsed: elapsed, bytes: progress.bytesDone))
        let expired = samples.prefix { elapsed - $0.elapsed > Self.window }.count
        samples.removeFirst(min(expired, samples.count - 1))
        files = progress.filesDone
        self.elapsed = elapsed
    }

    /// nil until a second has been seen.
    package var bytesPerSecond: Double? {
        guard let first = samples.first, let last = samples.last else { return nil }
        let time = Wording.seconds(last.elapsed - first.elapsed)
        guard time >= 1 else { return nil }
        return Double(max(0, last.bytes - first.bytes)) / time
    }

    /// How long `remaining` more files take at the mean pace of the whole run; nil when it is too
    /// early to tell.
    package func timeLeft(remaining: Int) -> Duration? {
        guard elapsed >= .seconds(3), files >= 3, remaining > 0 else { return nil }
        let seconds = Wording.seconds(elapsed) / Double(files) * Double(remaining)
        return .seconds(Int64(seconds.rounded(.up)))
    }
}
