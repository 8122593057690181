import Platform
package import Transfer

/// How one attempt at a recording's media ended.
package enum AttemptEnding: Sendable, Equatable {
    /// All bytes are there; the gate has passed them.
    case whole
    /// The part can't be gone on with; ask for all, at once.
    case restart(String)
    /// The media lies elsewhere; ask there, at once.
    case redirected
    /// Only a piece of the rest came, as announced; ask for more, at once.
    case more
    /// May pass: connection, stall, 5xx. `retryAfter` (ns) as the provider asked.
    case transient(code: String, message: String, retryAfter: Int64?)
    /// 429: not executed; the family rests.
    case rateLimited(pause: Int64?)
    /// The bytes are not this recording's audio.
    case badContent(code: String, message: String)
    /// 404, 410.
    case gone(code: String, message: String)
    /// 401, 403.
    case refused(code: String, message: String)
    /// Asking again won't help.
    case permanent(code: String, message: String)
    case interrupted
}

/// What follows from an attempt's end.
package enum AttemptDecision: Sendable, Equatable {
    case commit
    /// Goes on at once: a redirect, or a piece that came as announced. No retry.
    case onward
    /// Asked again after the pause (ns).
    case again(after: Int64, cause: String)
    /// Asked again when the family may.
    case whenAdmitted(pause: Int64?)
    case giveUp(status: ArchiveStatus, code: String, message: String)
    case keepForNextRun
}

/// The retry budget of one recording; a pure value.
///
/// An attempt is free when the part grew past its high-water mark; a 429 is always free; bad
/// content is asked for once more, 4xx not at all.
package struct AttemptRule: Sendable, Equatable {
    private static let badContentLimit = 2

    package let retries: Int
    package let backoff: Backoff
    /// Requests made that were executed.
    package private(set) var attempts = 0
    private(set) var failuresInARow = 0
    private(set) var badContents = 0

    package init(retries: Int, backoff: Backoff = Backoff()) {
        self.retries = retries
        self.backoff = backoff
    }

    /// `hasGrown`: past the high-water mark; `random` in 0..<1 for the jitter, drawn only when there
    /// is a pause.
    package mutating func decide(
        _ ending: AttemptEnding, hasGrown: Bool, random: @autoclosure () -> Double
    ) -> AttemptDecision {
        switch ending {
        case .rateLimited(let pause): return .whenAdmitted(pause: pause)
        case .interrupted: return .keepForNextRun
        case .redirected: return .onward
        default: attempts += 1
        }
        if hasGrown { failuresInARow = 0 }
        switch ending {
        case .whole: return .commit
        case .more where hasGrown: return .onward
        case .more:
            return retry(
                code: "cut", message: "the provider sends no more bytes", hasGrown: false, nil,
                random)
        case .restart(let reason):
            return retry(
                code: "changed", message: reason, hasGrown: hasGrown, nil, random, atOnce: true)
        case .transient(let code, let message, let retryAfter):
            return retry(code: code, message: message, hasGrown: hasGrown, retryAfter, random)
        case .badContent(let code, let message):
            badContents += 1
            if badContents >= Self.badContentLimit {
                return .giveUp(status: .failed, code: code, message: message)
            }
            return .again(
                after: backoff.pause(attempt: 1, random: random()).nanoseconds, cause: message)
        case .gone(let code, let message):
            return .giveUp(status: .gone, code: code, message: message)
        case .refused(let code, let message), .permanent(let code, let message):
            return .giveUp(status: .failed, code: code, message: message)
        case .rateLimited, .redirected, .interrupted: return .keepForNextRun
        }
    }

    private mutating func retry(
        code: String, message: String, hasGrown: Bool, _ retryAfter: Int64?,
        _ random: () -> Double, atOnce: Bool = false
    ) -> AttemptDecision {
        if !hasGrown {
            failuresInARow += 1
            if failuresInARow > retries {
                return .giveUp(status: .failed, code: code, message: message)
            }
        }
        if let retryAfter, retryAfter > Backoff.longestWait.nanoseconds {
            return .giveUp(
                status: .failed, code: code,
                message: message + Backoff.tooLong(retryAfter))
        }
        let jittered =
            atOnce
            ? 0 : backoff.pause(attempt: max(1, failuresInARow), random: random()).nanoseconds
        return .again(after: max(jittered, retryAfter ?? 0), cause: message)
    }
}
