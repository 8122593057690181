#if DEBUG
    import Synchronization

    /// Records system calls and makes chosen ones fail; debug builds only.
    package final class KernelTrace: Sendable {
        /// One call as it was made.
        package struct Entry: Sendable, Equatable {
            package var call: SystemCall
            package var path: String
        }

        private struct State {
            var entries: [Entry] = []
            var counts: [SystemCall: Int] = [:]
            var plan: [SystemCall: (nth: Int, errno: Int32, sticky: Bool)] = [:]
        }

        private let state = Locked(State())

        package init() {}

        /// Makes the `nth` (from 1) call of this kind fail; with `sticky` all later ones too.
        package func fail(_ call: SystemCall, nth: Int, errno: Int32, sticky: Bool = false) {
            state.withLock { $0.plan[call] = (nth, errno, sticky) }
        }

        /// What was called so far, in order.
        package var entries: [Entry] { state.withLock { $0.entries } }

        func willCall(_ call: SystemCall, _ path: String) -> Int32? {
            state.withLock { state in
                state.entries.append(Entry(call: call, path: path))
                let count = state.counts[call, default: 0] + 1
                state.counts[call] = count
                guard let plan = state.plan[call] else { return nil }
                let isHit = plan.sticky ? count >= plan.nth : count == plan.nth
                return isHit ? plan.errno : nil
            }
        }
    }
#endif
