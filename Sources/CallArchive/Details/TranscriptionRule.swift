package import Platform

/// What follows from what the provider lists of a recording's transcriptions; a pure function.
///
/// | listed | then |
/// |---|---|
/// | a completed one | its text is fetched; of several the newest |
/// | else one in the making, or in a state not known | asked again by the next run |
/// | else one that failed | noted, not asked again |
/// | none, recording ended less than a day ago | asked again by the next run |
/// | none | not asked again |
package enum TranscriptionRule {
    /// A transcription is begun when its recording ends, or by hand soon after.
    package static let patience: Int64 = 86_400_000
    /// Texts that can't be had are asked for so many times.
    package static let attempts = 5

    package static func choose(_ listed: [ListedTranscription]) -> ListedTranscription? {
        let order: [(ListedTranscription.State) -> Bool] = [
            { $0 == .completed },
            { $0 != .completed && $0 != .error },
            { $0 == .error },
        ]
        for wanted in order {
            let found = listed.filter { wanted($0.state) }
            // Of equal or unknown times the last one.
            let newest = found.enumerated().max { left, right in
                let (first, second) = (time(left.element), time(right.element))
                return first != second ? first < second : left.offset < right.offset
            }
            if let newest { return newest.element }
        }
        return nil
    }

    /// Whether the recording is not asked for again.
    package static func isSettled(
        _ chosen: ListedTranscription?, recordingEnd: Timestamp?, now: Timestamp
    ) -> Bool {
        switch chosen?.state {
        case .completed, .transcribing, .unknown: return false
        case .error: return true
        case nil:
            guard let recordingEnd else { return true }
            return now.milliseconds - recordingEnd.milliseconds >= patience
        }
    }

    /// Why bytes are no transcription's text; nil when they are one.
    package static func complaint(_ body: [UInt8], contentType: String?, size: Int64?) -> String? {
        if body.isEmpty { return size == 0 ? nil : "the text is empty" }
        let type = contentType?.lowercased() ?? ""
        let start = String(decoding: body.prefix(256), as: UTF8.self).lowercased()
        let head = start.drop { $0.isWhitespace }
        if type.hasPrefix("text/html") || head.hasPrefix("<!doctype") || head.hasPrefix("<html") {
            return "it is an HTML page"
        }
        if type.hasPrefix("audio/") || type.hasPrefix("image/") { return "it is \(type)" }
        if String(validating: body, as: UTF8.self) == nil { return "the text is no valid UTF-8" }
        if body.contains(0) { return "the text has NUL bytes in it" }
        return nil
    }

    private static func time(_ listed: ListedTranscription) -> Int64 {
        listed.time.flatMap(Timestamp.init(iso8601:))?.milliseconds ?? .min
    }
}
