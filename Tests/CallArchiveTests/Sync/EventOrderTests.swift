import CallArchive
import CatapultSimulator
import Platform
import Synchronization
import Testing

#if DEBUG
    /// What is told is durable by then.
    struct EventOrderTests {
        /// Looks at the system calls made when a recording is told of.
        private final class Witness: SyncObserver {
            private let trace: KernelTrace
            private let late = Locked<[String]>([])
            private let seen = Locked(0)

            init(_ trace: KernelTrace) {
                self.trace = trace
            }

            var complaints: [String] { late.withLock { $0 } }
            var count: Int { seen.withLock { $0 } }

            func observe(_ event: SyncEvent) {
                guard case .recordingArchived(let entry) = event else { return }
                seen.withLock { $0 += 1 }
                let name = entry.file ?? "none"
                let calls = trace.entries
                let renamed = calls.lastIndex {
                    $0.call == .rename && $0.path.hasSuffix(name)
                }
                let synced = calls.lastIndex { $0.call == .fsync }
                if let renamed, let synced, renamed < synced { return }
                late.withLock { $0.append(name) }
            }
        }

        @Test(arguments: [3, 40])
        func `a recording is told of after its name is durable`(count: Int) throws {
            let bench = try SyncBench(count: count, size: 4 << 10)
            let trace = KernelTrace()
            let witness = Witness(trace)
            _ = try Sync(
                settings: bench.settings, observer: witness, kernel: Kernel(trace: trace)
            ).run()
            #expect(witness.complaints == [] && witness.count == count)
        }
    }
#endif
