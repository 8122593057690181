package import Platform

/// When the provider deletes a recording, and from when on that is said; a pure function.
package struct RetentionRule: Sendable, Equatable {
    private static let day: Int64 = 86_400_000

    /// From its start, as far as is known.
    package var days: Int
    /// How many days before that a recording is at risk.
    package var warnedBefore: Int

    package init(days: Int = 30, warnedBefore: Int = 7) {
        self.days = days
        self.warnedBefore = warnedBefore
    }

    package func expiry(ofStart start: Timestamp) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64(days) * Self.day)
    }

    /// Below 0 for what may be deleted already; rounded to a tenth.
    package func daysLeft(ofStart start: Timestamp, at time: Timestamp) -> Double {
        let left = expiry(ofStart: start).milliseconds - time.milliseconds
        return (Double(left) / Double(Self.day) * 10).rounded(.down) / 10
    }

    /// Whether a listing that ended then tells of all that is at risk: what began after it, and
    /// is not known of, must be too young for that. One of the last two nights always does.
    package func covers(listing: Timestamp, at time: Timestamp) -> Bool {
        let recent = time.milliseconds - 2 * Self.day
        return listing.milliseconds > min(latestStartAtRisk(at: time).milliseconds, recent)
    }

    /// What started by this moment is at risk.
    package func latestStartAtRisk(at time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds - Int64(days - warnedBefore) * Self.day)
    }
}

/// A recording that is not archived, and how long it can still be.
package struct RecordingAtRisk: Sendable, Equatable {
    package var id: String
    package var status: ArchiveStatus
    /// The provider's own text, and what it means.
    package var startTime: String
    package var start: Timestamp
    package var expiresAt: Timestamp
    package var daysLeft: Double
}
