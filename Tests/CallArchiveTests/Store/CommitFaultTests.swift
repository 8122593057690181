import CatapultSimulator
import FoundationEssentials
import Glibc
import Platform
import Synchronization
import Testing

@testable import CallArchive

#if DEBUG
    /// The commit's order of system calls, and each of them failing.
    struct CommitFaultTests {
        /// Notes how far the trace was when a recording was said to be archived.
        private final class Watch: SyncObserver {
            let trace: KernelTrace
            let marks = Locked<[Int]>([])

            init(_ trace: KernelTrace) {
                self.trace = trace
            }

            func observe(_ event: SyncEvent) {
                guard case .recordingArchived = event else { return }
                let count = trace.entries.count
                marks.withLock { $0.append(count) }
            }
        }

        @Test(arguments: [1, 3, 12])
        func `contents are durable before their names, and names before the catalog`(
            _ count: Int
        ) throws {
            let bench = try SyncBench(count: count, size: 8 << 10)
            let trace = KernelTrace()
            let watch = Watch(trace)
            let outcome = try Sync(
                settings: bench.settings, observer: watch, kernel: Kernel(trace: trace)
            ).run()
            #expect(outcome.newlyArchived == count)
            let entries = trace.entries
            let renames = entries.indices.filter {
                entries[$0].call == .rename && entries[$0].path.contains("/recordings/")
            }
            #expect(renames.count == count)
            let marks = watch.marks.withLock { $0 }
            #expect(marks.count == count)
            for index in renames {
                let path = entries[index].path
                let id = try #require(path.split(separator: "_").last?.dropLast(4))
                let part =
                    "\(bench.path)/.callarchive/partial/"
                    + ArchiveFolder.partName(for: String(id))
                let folder = path.split(separator: "/", omittingEmptySubsequences: false)
                    .dropLast().joined(separator: "/")
                let written = try #require(
                    entries.lastIndex { $0.call == .write && $0.path == part })
                // One by one, or all at once by the file system's sync.
                #expect(
                    entries[written..<index].contains {
                        $0.call == .fsync && ($0.path == part || $0.path == bench.path)
                    })
                let named = try #require(
                    entries[index...].firstIndex {
                        $0.call == .fsync && ($0.path == folder || $0.path == bench.path)
                    })
                let mark = try #require(marks.first { $0 > index })
                #expect(named < mark)
            }
        }

        @Test(arguments: [ENOSPC, EIO, EDQUOT])
        func `any piece of a large part may fail as well`(_ errno: Int32) throws {
            let bench = try SyncBench(count: 2, size: 700_001)
            let counting = KernelTrace()
            #expect(try bench.sync(kernel: Kernel(trace: counting)).archivedCount == 2)
            let total = counting.entries.count { $0.call == .write }
            // Of each recording two whole pieces, the rest and its last bytes.
            #expect(
                counting.entries.count { $0.call == .write && $0.path.hasSuffix(".part") } == 8)
            for nth in 1...total {
                bench.archiveName = "piece-\(nth)"
                let trace = KernelTrace()
                trace.fail(.write, nth: nth, errno: errno)
                try check(bench, Kernel(trace: trace), "write \(nth) of \(total)")
            }
        }

        @Test(
            arguments: [
                SystemCall.open, .read, .write, .fsync, .rename, .makeFolder, .unlink, .truncate,
                .status,
            ], [ENOSPC, EIO, EDQUOT])
        func `any call may fail: nothing wrong is kept, and the next run mends it`(
            _ call: SystemCall, _ errno: Int32
        ) throws {
            let bench = try SyncBench(count: 2, size: 8 << 10)
            // How many of them a run makes when all goes well.
            let counting = KernelTrace()
            #expect(try bench.sync(kernel: Kernel(trace: counting)).archivedCount == 2)
            let total = counting.entries.count { $0.call == call }
            for nth in 1...max(1, total) where total > 0 {
                bench.archiveName = "\(call)-\(nth)"
                let trace = KernelTrace()
                trace.fail(call, nth: nth, errno: errno)
                try check(bench, Kernel(trace: trace), "\(call) \(nth) of \(total)")
            }
        }

        @Test func `a call that is interrupted is made again`() throws {
            let bench = try SyncBench(count: 2, size: 8 << 10)
            for call in SystemCall.allCases {
                bench.archiveName = "interrupted-\(call)"
                for nth in 1...3 {
                    let trace = KernelTrace()
                    trace.fail(call, nth: nth, errno: EINTR)
                    let run = try bench.sync(kernel: Kernel(trace: trace))
                    #expect(run.outcome.error == nil, "\(call) \(nth)")
                    #expect(run.archivedCount == 2, "\(call) \(nth)")
                }
            }
        }

        @Test(arguments: [SystemCall.write, .fsync, .rename, .open])
        func `a disk that stays broken ends the run, and is mended by the next`(
            _ call: SystemCall
        ) throws {
            let bench = try SyncBench(count: 2, size: 8 << 10)
            for nth in stride(from: 1, through: 26, by: 5) {
                bench.archiveName = "sticky-\(nth)"
                let trace = KernelTrace()
                trace.fail(call, nth: nth, errno: ENOSPC, sticky: true)
                try check(bench, Kernel(trace: trace), "\(call) from \(nth)")
            }
        }

        @Test func `what was whole when the commit failed is not fetched again`() throws {
            for nth in 1...3 {
                let bench = try SyncBench(count: 3, size: 8 << 10)
                let trace = KernelTrace()
                trace.fail(.rename, nth: nth, errno: EIO, sticky: true)
                let outcome = try Sync(
                    settings: bench.settings, observer: EventLog(), kernel: Kernel(trace: trace)
                ).run()
                #expect(outcome.error?.kind == .storage)
                // On a loaded machine one may not have come whole by then.
                let whole = try PartJournal.read(ArchiveFolder(path: bench.path)) {
                    $0.sha256 != nil
                }
                #expect(!whole.isEmpty)
                #expect(try bench.sync().archivedCount == 3)
                #expect(try bench.wrongFiles() == [])
                for line in whole.values {
                    #expect(bench.mediaRequests(of: line.id).count == 1)
                }
            }
        }

        private func check(_ bench: SyncBench, _ kernel: Kernel, _ label: String) throws {
            do {
                let outcome = try Sync(
                    settings: bench.settings, observer: EventLog(), kernel: kernel
                ).run()
                #expect(outcome.error.map { $0.kind == .storage } ?? true, "\(label)")
            } catch {
                #expect(error.kind == .storage, "\(label): \(error)")
            }
            // Whatever has a final name is whole and right.
            for file in bench.files() {
                let digest = try bench.sha256(file)
                #expect(bench.digests.values.contains { $0.contains(digest) }, "\(label): \(file)")
            }
            let whole = Set(bench.files())
            bench.simulator.clearLog()
            let run = try bench.sync()
            for id in bench.digests.keys where whole.contains(where: { $0.hasSuffix("_\(id).wav") })
            {
                #expect(bench.mediaRequests(of: id).isEmpty, "\(label): \(id) fetched again")
            }
            #expect(run.outcome.error == nil, "\(label)")
            #expect(run.archivedCount == 2, "\(label)")
            #expect(bench.files().count == 2, "\(label)")
            #expect(whole.isSubset(of: bench.files()), "\(label)")
            #expect(try bench.wrongFiles() == [], "\(label)")
            #expect(bench.parts() == [], "\(label)")
            let control = try FileManager.default.contentsOfDirectory(
                atPath: bench.path + "/.callarchive")
            #expect(Set(control) == ["catalog.sqlite", "lock", "partial"], "\(label)")
        }
    }
#endif
