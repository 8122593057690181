import Dispatch
import Platform
import Synchronization
import Transfer

/// A run's lanes: the shared ones from the start, the others once a large recording wants one.
final class LaneSet: Sendable {
    private let lanes: [Lane]
    private let shared: Int
    private let group = DispatchGroup()
    private let hasStartedAll = Locked(false)
    private let onFailure: @Sendable (TransferError) -> Void

    init(
        _ spread: LaneSpread, options: TransferOptions,
        onFailure: @escaping @Sendable (TransferError) -> Void
    ) throws(TransferError) {
        var lanes: [Lane] = []
        for index in 0..<spread.all {
            // A few more than its transfers, for hosts that media redirect to.
            let kept = index < spread.shared ? max(4, spread.room(of: index) + 1) : 2
            lanes.append(try Lane(index: index, options: options, connections: kept))
        }
        self.lanes = lanes
        self.onFailure = onFailure
        shared = spread.shared
    }

    func run(_ source: any TransferSource) {
        for lane in lanes[..<shared] { start(lane, source) }
    }

    private func start(_ lane: Lane, _ source: any TransferSource) {
        group.enter()
        lane.run(source) { [self] error in
            if let error, error.kind != .interrupted { onFailure(error) }
            group.leave()
        }
    }

    /// Has one lane ask its source again; only while another one runs.
    func wake(_ index: Int, _ source: any TransferSource) {
        if index >= shared {
            let hasStarted = hasStartedAll.withLock { hasStarted in
                defer { hasStarted = true }
                return hasStarted
            }
            if !hasStarted {
                for lane in lanes[shared...] { start(lane, source) }
                return
            }
        }
        lanes[index].wake()
    }

    /// Has the shared lanes, or all, ask their source again.
    func wake(all: Bool) {
        for lane in all ? lanes[...] : lanes[..<shared] { lane.wake() }
    }

    /// Ends what runs as interrupted, and nothing runs after it.
    func stop() {
        for lane in lanes { lane.stop() }
    }

    /// Waits for the end of all.
    func wait() {
        group.wait()
    }
}
