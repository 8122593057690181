/// How many recordings are generated and what they are like. Equal plans give equal recordings.
package struct RecordingPlan: Sendable, Equatable {
    package var count = 100
    /// The moment before which all recordings ended, milliseconds since 1970; nil: the beginning
    /// of the hour in which the simulator was made.
    package var epoch: Int64?
    /// Start times are spread evenly over this many days before the epoch.
    package var days = 20.0
    /// Bytes of each media file, evenly distributed.
    package var sizes: ClosedRange<Int64> = 16_384...16_384
    /// Weights of the audio kinds.
    package var kinds: [AudioKind: Double] = [.pcm: 1]
    /// Fractions of the states that are not `complete`; any word.
    package var states: [String: Double] = [:]
    /// The fraction of rows in the old spelling: `status`, `completed`.
    package var oldSpelling = 0.0
    package var recordingsPerCall = 1
    /// The newest recording comes first in the listing, not the oldest.
    package var newestFirst = false

    package init(count: Int = 100, size: Int64 = 16_384) {
        self.count = count
        self.sizes = size...size
    }
}
