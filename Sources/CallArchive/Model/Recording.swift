package import Platform

/// One recording as the provider lists it.
package struct Recording: Sendable, Equatable {
    /// The provider's id, untouched; untrusted.
    package var id: String
    package var state: RecordingState
    /// The provider's own text of the time; may be no valid time at all.
    package let startTime: String?
    /// The start as a moment; nil when absent or impossible.
    package let start: Timestamp?
    package var endTime: String?
    /// URL of the call, as given.
    package var call: String?
    /// URL of the media, as given; absent while the recording is not complete.
    package var media: String?

    package init(
        id: String, state: RecordingState, startTime: String? = nil, endTime: String? = nil,
        call: String? = nil, media: String? = nil
    ) {
        self.id = id
        self.state = state
        self.startTime = startTime
        start = startTime.flatMap(Timestamp.init(iso8601:))
        self.endTime = endTime
        self.call = call
        self.media = media
    }

    /// The end as a moment; nil when absent or impossible.
    package var end: Timestamp? { endTime.flatMap(Timestamp.init(iso8601:)) }
}
