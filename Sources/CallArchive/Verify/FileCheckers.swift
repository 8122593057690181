import Dispatch
import Glibc
import Platform
import Synchronization

/// A few workers that check files side by side, each on a serial queue of its own.
///
/// Used by one thread at a time; `done` may be asked from any.
final class FileCheckers: Sendable {
    private struct State {
        var next = 0
        var results: [FileCheck?] = []
        var error: SystemCallError?
    }

    /// Hashing needs a core for each 1 to 2 GB/s; more readers than that only make a disk seek.
    private static var workers: Int {
        min(4, max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    }

    private let tree: ArchiveTree
    private let queues: [DispatchQueue]
    private let counts = Locked((files: 0, bytes: Int64(0)))

    init(_ tree: ArchiveTree) {
        self.tree = tree
        queues = (0..<Self.workers).map { DispatchQueue(label: "callarchive.check.\($0)") }
    }

    /// Files checked so far and their bytes.
    var done: (files: Int, bytes: Int64) { counts.withLock { $0 } }

    /// Checks all; a result each, in order, nil for those that were not come to.
    ///
    /// `isOver` keeps the next file from being begun, `isCancelled` also ends those begun.
    func check(
        _ jobs: [FileJob], isOver: @escaping @Sendable () -> Bool,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(SystemCallError) -> [FileCheck?] {
        let state = Locked(State(results: Array(repeating: nil, count: jobs.count)))
        let group = DispatchGroup()
        for queue in queues.prefix(jobs.count) {
            queue.async(group: group) { [self] in
                let checker = FileChecker(tree, isCancelled: isCancelled)
                while !isCancelled(), !isOver(), let index = Self.take(state, jobs.count) {
                    do throws(SystemCallError) {
                        let result = try checker.check(jobs[index])
                        state.withLock { $0.results[index] = result }
                        counts.withLock { counts in
                            counts.files += 1
                            if case .intact(let bytes) = result { counts.bytes += bytes }
                            if case .hash = result { counts.bytes += jobs[index].bytes ?? 0 }
                        }
                    } catch {
                        state.withLock { $0.error = error }
                    }
                }
            }
        }
        group.wait()
        let (results, error) = state.withLock { ($0.results, $0.error) }
        if let error { throw error }
        return results
    }

    private static func take(_ state: borrowing Locked<State>, _ count: Int) -> Int? {
        state.withLock { state in
            guard state.next < count, state.error == nil else { return nil }
            state.next += 1
            return state.next - 1
        }
    }
}
