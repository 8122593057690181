internal import FoundationEssentials
internal import Glibc

/// All requests since the start or the last clearing, and the counts per media and family.
final class RequestLog: Sendable {
    private struct State {
        var records: [RequestRecord] = []
        var nextSequence = 1
        var firstKept = 1
        /// Sequences of requests that are being answered, and of those that sleep on purpose.
        var open: Set<Int> = []
        var sleeping: Set<Int> = []
        var media: [String: MediaCount] = [:]
        var families: [EndpointFamily: FamilyCount] = [:]
    }

    private let state = Guarded(State())
    private let file: LogFile?
    private let keeps: Bool

    init(file path: String?, keeps: Bool) throws(SimulatorError) {
        var file: LogFile?
        if let path { file = try LogFile(path: path) }
        self.file = file
        self.keeps = keeps
    }

    func begin(_ record: RequestRecord) -> Int {
        state.withLock { state in
            let sequence = state.nextSequence
            state.nextSequence += 1
            state.open.insert(sequence)
            if keeps {
                var record = record
                record.sequence = sequence
                state.records.append(record)
            }
            return sequence
        }
    }

    /// Puts the finished record in place of the one it began as.
    /// - Parameter whole: all of the media's bytes went out in this answer.
    func end(_ record: RequestRecord, media: String?, whole: Bool) {
        state.withLock { state in
            state.open.remove(record.sequence)
            state.sleeping.remove(record.sequence)
            let index = record.sequence - state.firstKept
            if keeps, index >= 0, index < state.records.count { state.records[index] = record }
            var family = state.families[record.family] ?? FamilyCount()
            family.requests += 1
            family.bytes += record.bytes
            family.statuses[String(record.status), default: 0] += 1
            if record.status == 429 { family.refused += 1 }
            state.families[record.family] = family
            if let media {
                var count = state.media[media] ?? MediaCount()
                count.requests += 1
                if record.status == 200 || record.status == 206 { count.bytes += record.bytes }
                if whole { count.wholeBodies += 1 }
                state.media[media] = count
            }
        }
        file?.append(record)
    }

    /// Marks a request that is going to wait for long, so that `records` doesn't wait for it.
    func setSleeping(_ sequence: Int, _ sleeps: Bool) {
        state.withLock { state in
            if sleeps { state.sleeping.insert(sequence) } else { state.sleeping.remove(sequence) }
        }
    }

    /// The records, after waiting up to two seconds for answers that are just going out.
    func records() -> [RequestRecord] {
        settle()
        return state.withLock { $0.records }
    }

    func counts() -> RequestCounts {
        settle()
        return state.withLock { RequestCounts(media: $0.media, families: $0.families) }
    }

    func clear() {
        settle()
        state.withLock { state in
            state.records = []
            state.firstKept = state.nextSequence
            state.media = [:]
            state.families = [:]
        }
    }

    private func settle() {
        let end = WallClock.monotonic() + 2
        while state.withLock({ !$0.open.subtracting($0.sleeping).isEmpty }),
            WallClock.monotonic() < end
        {
            usleep(500)
        }
    }
}

/// What one media file cost.
package struct MediaCount: Sendable, Codable, Equatable {
    package var requests = 0
    /// Bytes of body in answers 200 and 206.
    package var bytes: Int64 = 0
    /// Answers that carried the whole file.
    package var wholeBodies = 0

    package init() {}
}

/// What one family of endpoints was asked.
package struct FamilyCount: Sendable, Codable, Equatable {
    package var requests = 0
    package var refused = 0
    package var bytes: Int64 = 0
    /// Status to number of answers.
    package var statuses: [String: Int] = [:]
}

/// The counts since the start or the last clearing of the log.
package struct RequestCounts: Sendable, Equatable {
    /// By media name.
    package var media: [String: MediaCount]
    package var families: [EndpointFamily: FamilyCount]
}
