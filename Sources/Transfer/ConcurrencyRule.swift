/// How many transfers of a run may be under way; a pure value fed with what happened.
///
/// It begins at the most. A 429, a 503 or a timeout halves it, once a second at most; it is won
/// back in steps that are kept only while throughput really grows. When answers take longer without
/// more coming through, it steps back. What was tried in vain is not tried again for a while.
package struct ConcurrencyRule: Sendable, Equatable {
    private enum Trial: Equatable {
        /// More at once, from so many that brought so much.
        case up(from: Int, throughput: Double)
        case down(from: Int, throughput: Double)
    }

    private static let second: Int64 = 1_000_000_000
    /// A step up is kept when it brings this much more, a step down unless it costs as much.
    private static let difference = 0.03
    /// Answers that take this many times the shortest wait seen stand in a queue.
    private static let queueing = 3.0
    /// No step back below this.
    private static let fewest = 4
    /// What a request costs besides its bytes, in bytes: requests count as work, too.
    private static let requestWork = 32_768.0
    private static let upAgainAfter = 15 * second
    private static let downAgainAfter = 60 * second

    private let most: Int
    package private(set) var limit: Int
    private var trial: Trial?
    private var upFrom: Int64 = .min
    private var downFrom: Int64 = .min
    private var cutFrom: Int64 = .min
    /// The window that is measured: at least a second, and two rounds of transfers.
    private var windowStart: Int64?
    private var windowBytes: Int64 = 0
    private var ended = 0
    private var waits: Int64 = 0
    private var waited = 0
    /// The window with the shortest mean wait: seconds, work per second.
    private var calmest: (wait: Double, throughput: Double)?
    private var lastWait = 0.0

    package init(most: Int) {
        self.most = max(1, most)
        limit = self.most
    }

    package static func == (left: ConcurrencyRule, right: ConcurrencyRule) -> Bool {
        left.limit == right.limit && left.trial == right.trial && left.upFrom == right.upFrom
    }

    /// An attempt has ended.
    /// - Parameters:
    ///   - isCongested: by 429, 503 or a timeout.
    ///   - headWait: ns from its request to its answer's head.
    ///   - bytesDone: of all transfers of the run so far.
    ///   - rate: requests per second that the pacer admits; concurrency isn't cut below what that needs.
    package mutating func ended(
        isCongested: Bool, headWait: Int64?, bytesDone: Int64, rate: Double?, now: Int64
    ) {
        if windowStart == nil { open(now, bytesDone) }
        ended += 1
        if let headWait {
            waits += headWait
            waited += 1
        }
        if isCongested {
            cut(rate: rate, now)
            open(now, bytesDone)
            return
        }
        guard let start = windowStart, now - start >= Self.second,
            ended >= 2 * limit || now - start >= 10 * Self.second
        else { return }
        let seconds = Double(now - start) / 1e9
        let work = Double(bytesDone - windowBytes) + Double(ended) * Self.requestWork
        judge(throughput: work / seconds, wait: meanWait, now)
        open(now, bytesDone)
    }

    private var meanWait: Double {
        waited == 0 ? lastWait : Double(waits) / Double(waited) / 1e9
    }

    private mutating func open(_ now: Int64, _ bytesDone: Int64) {
        lastWait = meanWait
        windowStart = now
        windowBytes = bytesDone
        ended = 0
        waits = 0
        waited = 0
    }

    private mutating func cut(rate: Double?, _ now: Int64) {
        guard now >= cutFrom else { return }
        let needed = rate.map { Int(min($0 * meanWait * 1.5, 1024)) + 2 } ?? 1
        limit = max(1, min(limit, max(limit / 2, needed)))
        trial = nil
        cutFrom = now + Self.second
        upFrom = now + 2 * Self.second
    }

    private mutating func judge(throughput: Double, wait: Double, _ now: Int64) {
        switch trial {
        case .up(let from, let before):
            if throughput < before * (1 + Self.difference) {
                limit = from
                upFrom = now + Self.upAgainAfter
            }
        case .down(let from, let before):
            if throughput < before * (1 - Self.difference) {
                limit = from
                downFrom = now + Self.downAgainAfter
            } else {
                upFrom = now + Self.downAgainAfter
            }
        case nil: break
        }
        trial = nil
        if wait < calmest?.wait ?? .infinity { calmest = (wait, throughput) }
        if limit < most, now >= upFrom {
            trial = .up(from: limit, throughput: throughput)
            limit = min(most, limit + max(1, limit / 4))
        } else if limit > Self.fewest, now >= downFrom, let calmest,
            wait > calmest.wait * Self.queueing,
            throughput < calmest.throughput * (1 + Self.difference)
        {
            trial = .down(from: limit, throughput: throughput)
            limit = max(Self.fewest, limit - max(1, limit / 8))
        }
    }
}
