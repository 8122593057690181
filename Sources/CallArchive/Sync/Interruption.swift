import Dispatch
import Platform
import Synchronization

/// A flag that is set once, and a rest that ends when it is.
final class Interruption: Sendable {
    private let flag = Locked(false)
    private let wake = DispatchSemaphore(value: 0)

    var isSet: Bool { flag.withLock { $0 } }

    func set() {
        flag.withLock { $0 = true }
        wake.signal()
    }

    /// Rests on the calling thread, which is the caller's own; false when the flag is set.
    func rest(nanoseconds: Int64) -> Bool {
        if isSet { return false }
        if nanoseconds > 0 {
            let deadline = DispatchTime.now() + .nanoseconds(Int(clamping: nanoseconds))
            if wake.wait(timeout: deadline) == .success { wake.signal() }
        }
        return !isSet
    }
}
