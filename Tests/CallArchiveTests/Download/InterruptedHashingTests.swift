import CatapultSimulator
import Dispatch
import Glibc
import Platform
import Synchronization
import Testing
import Transfer

@testable import CallArchive

#if DEBUG
    /// A run that is interrupted while it hashes what is too large to be hashed to its end.
    struct InterruptedHashingTests {
        private static let id = "r-000001"
        private static let part = ArchiveFolder.partName(for: id)
        /// Sparse: it takes no room, only time.
        private static let size: Int64 = 8 << 30

        /// Listed, and a run that was killed has left a part, and a journal as `note` writes it.
        private func killed(_ note: (PartJournal) throws -> Void) throws -> SyncBench {
            let bench = try SyncBench(count: 1, faults: ["media:status@500"])
            #expect(try bench.sync { $0.retries = 0 }.status(Self.id) == .failed)
            bench.simulator.clearFaults()
            bench.simulator.clearLog()
            let archive = try ArchiveFolder(path: bench.path, lockWait: .seconds(5))
            let journal = try PartJournal(archive)
            try archive.createPart(Self.part).truncate(to: Self.size)
            try note(journal)
            return bench
        }

        /// Interrupts the run as soon as it reads the part.
        private func runInterrupted(
            _ bench: SyncBench
        ) throws -> (outcome: SyncOutcome, reads: Int) {
            let trace = KernelTrace()
            let path = "\(bench.path)/.callarchive/partial/\(Self.part)"
            let reads: @Sendable () -> Int = {
                trace.entries.count { $0.call == .read && $0.path == path }
            }
            let sync = Sync(
                settings: bench.settings, observer: EventLog(), kernel: Kernel(trace: trace))
            let ended = Locked(false)
            DispatchQueue(label: "test.interrupt").async {
                while reads() == 0, !ended.withLock({ $0 }) { usleep(1000) }
                sync.interrupt(signal: SIGTERM)
            }
            let outcome = try sync.run()
            ended.withLock { $0 = true }
            return (outcome, reads())
        }

        @Test func `a whole part is hashed by the next start, and kept until then`() throws {
            let bench = try killed {
                try $0.finished(
                    FinishedPart(
                        row: 1, id: Self.id, part: Self.part, bytes: Self.size,
                        sha256: [UInt8](repeating: 1, count: 32), audio: CatalogBench.audio))
            }
            let (outcome, reads) = try runInterrupted(bench)
            #expect(outcome.interruptedBy == SIGTERM)
            #expect(outcome.error == nil)
            #expect(reads > 0)
            #expect(reads < Self.size >> 18)
            #expect(bench.parts() == [Self.part, PartJournal.name])
            #expect(bench.simulator.log().isEmpty)
        }

        @Test func `a part that is to be gone on with is hashed by the next run`() throws {
            let bench = try killed {
                var partial = Partial(etag: "\"a\"", lastModified: nil, total: Self.size * 2)
                partial.checkpoint = Checkpoint(
                    size: Self.size, sha256: [UInt8](repeating: 1, count: 32))
                try $0.opened(Self.part, id: Self.id, partial)
            }
            let (outcome, reads) = try runInterrupted(bench)
            #expect(outcome.interruptedBy == SIGTERM)
            #expect(outcome.error == nil)
            #expect(reads > 0)
            #expect(reads < Self.size >> 18)
            #expect(bench.parts() == [Self.part])
            #expect(bench.mediaRequests(of: Self.id).isEmpty)
            let catalog = try Catalog(readingFrom: "\(bench.path)/.callarchive/catalog.sqlite")
            defer { catalog.close() }
            #expect(try catalog.idsWithPartials() == [Self.id])
        }

        @Test func `a digest that was not computed to its end proves nothing`() throws {
            let scratch = try ScratchFolder()
            let archive = try ArchiveFolder(path: scratch.path + "/archive")
            let part = try archive.createPart(Self.part)
            var head = ResponseHead(status: 200)
            head.append(name: "Content-MD5", value: "1B2M2Y8AsgTpgAmY7PhCfg==")
            for isCancelled in [false, true] {
                let verdict = try DigestCheck.verdict(
                    head, part, sha256: [], isCancelled: { isCancelled })
                switch verdict {
                case .agrees: #expect(!isCancelled)
                case .interrupted: #expect(isCancelled)
                case .differs(let complaint): Issue.record("\(complaint)")
                }
            }
        }
    }
#endif
