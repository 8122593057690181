import Dispatch
import Platform
import Synchronization

/// A dispatch group with a bound: admits at most so many at once, and joins them all.
package final class BoundedGroup: Sendable {
    private struct State {
        var bound: Int
        var inside = 0
    }

    private let group = DispatchGroup()
    private let state: Locked<State>

    /// `bound` is at least 1.
    package init(bound: Int) {
        state = Locked(State(bound: max(1, bound)))
    }

    /// Enters when there is room; false when there is none.
    package func tryEnter() -> Bool {
        let entered = state.withLock { state in
            guard state.inside < state.bound else { return false }
            state.inside += 1
            return true
        }
        if entered { group.enter() }
        return entered
    }

    /// Ends one admission.
    package func leave() {
        state.withLock { $0.inside -= 1 }
        group.leave()
    }

    /// How many are inside.
    package var count: Int { state.withLock { $0.inside } }

    /// Changes the bound; those inside stay.
    package func setBound(_ bound: Int) {
        state.withLock { $0.bound = max(1, bound) }
    }

    /// Waits until all have left; call it on a serial queue or a thread of one's own.
    package func wait() {
        group.wait()
    }
}
