import Glibc
import Platform

/// What a running program has to be told, and when; a pure value over monotonic times (ns).
///
/// | after | its group gets |
/// |---|---|
/// | the timeout | TERM, and KILL `grace` later |
/// | an interruption of the run | TERM, and KILL `haste` later |
struct HandoverPatience: Equatable {
    static let grace: Int64 = 5_000_000_000
    /// A run must end within two seconds of a signal.
    static let haste: Int64 = 1_000_000_000

    let deadline: Int64
    private(set) var hasTimedOut = false
    private(set) var isCut = false
    private(set) var killAt: Int64?

    init(deadline: Int64) {
        self.deadline = deadline
    }

    /// It was told to end.
    var isOver: Bool { hasTimedOut || isCut }

    /// When `step` has something to say at the latest.
    var next: Int64 { killAt ?? deadline }

    /// The signal that is due now; nil for none.
    mutating func step(now: Int64, isInterrupted: Bool) -> Int32? {
        if isInterrupted, !isCut {
            isCut = true
            killAt = min(killAt ?? .max, now + Self.haste)
            return SIGTERM
        }
        if let killAt {
            guard now >= killAt else { return nil }
            // Once more a grace later: what is stuck in the kernel takes its time.
            self.killAt = now + Self.grace
            return SIGKILL
        }
        guard now >= deadline else { return nil }
        hasTimedOut = true
        killAt = now + Self.grace
        return SIGTERM
    }
}

/// What a program's end means for the recording that it was given; a pure function.
enum HandoverVerdict: Equatable {
    /// It took it.
    case done
    /// It didn't; why.
    case failed(String)
    /// The run was ended, it had no fair chance.
    case cut

    init(_ ending: ChildProcess.Ending, _ patience: HandoverPatience, timeout: Duration) {
        self =
            switch ending {
            case .exited(0): .done
            case _ where patience.isCut: .cut
            case _ where patience.hasTimedOut:
                .failed("it took longer than \(Int(timeout.seconds)) s and was stopped")
            case .exited(let status): .failed("it ended with status \(status)")
            case .signalled(let number): .failed("it was ended by signal \(number)")
            }
    }
}

/// When failures mean that it is not about single recordings; a pure value.
///
/// A program that hangs or is broken must not hold the archive until the next night's run.
struct HandoverOutage: Equatable {
    static let most = 20

    private var inARow = 0

    /// Nothing more is handed over in this run.
    var isReached: Bool { inARow >= Self.most }

    mutating func note(_ verdict: HandoverVerdict) {
        switch verdict {
        case .done: inARow = 0
        case .failed: inARow += 1
        case .cut: break
        }
    }
}
