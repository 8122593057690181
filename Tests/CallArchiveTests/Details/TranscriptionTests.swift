import CatapultSimulator
import Dispatch
import FoundationEssentials
import Glibc
import Platform
import Synchronization
import Testing
import Transfer

@testable import CallArchive

/// Whole syncs that keep transcriptions.
struct TranscriptionTests {
    private func lists(_ bench: SyncBench) -> Int {
        bench.simulator.log().count { $0.path.hasSuffix("/transcriptions") }
    }

    private func texts(_ bench: SyncBench) -> [String] {
        let root = bench.path + "/recordings"
        let below = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return below.filter { $0.hasSuffix(".txt") }.map { "recordings/" + $0 }.sorted()
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func `each text lies beside its recording, whole and private`() throws {
        let bench = try SyncBench(count: 5, size: 4 << 10)
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(run.archivedCount == 5 && run.outcome.error == nil)
        #expect(run.log.notices(.warning).isEmpty)
        for entry in run.entries.values {
            #expect(entry.extras == .transcriptions)
            let text = try #require(entry.transcription)
            let file = try #require(text.file)
            #expect(text.state == "completed")
            #expect(file == (entry.file?.dropLast(4) ?? "") + ".txt")
            #expect(Int(text.bytes ?? 0) == (try bench.bytes(file).count))
            #expect(text.sha256 == (try bench.sha256(file)))
            #expect(mode("\(bench.path)/\(file)") == 0o600)
            // Longer ones too: the list crops at a thousand characters.
            let whole = String(decoding: try bench.bytes(file), as: UTF8.self)
            #expect(whole.hasSuffix("."))
        }
        #expect(texts(bench).count == 5)
        let longest = try texts(bench).map { try bench.bytes($0).count }.max() ?? 0
        #expect(longest > 1000)
        let sums = String(decoding: try bench.bytes("SHA256SUMS"), as: UTF8.self)
        #expect(!sums.contains(".txt"))
        #expect(bench.parts() == [])
        #expect(lists(bench) == 5)

        let second = try bench.sync { $0.withTranscriptions = true }
        #expect(lists(bench) == 5 && second.log.notices(.warning).isEmpty)
        let third = try bench.sync()
        #expect(third.entries.values.allSatisfy { $0.transcription?.file != nil })
    }

    @Test func `one in the making is asked for again, none at all only once`() throws {
        let bench = try SyncBench(count: 4, size: 4 << 10) {
            $0.transcribed = 0
            $0.transcribing = 1
        }
        let first = try bench.sync { $0.withTranscriptions = true }
        #expect(
            first.entries.values.allSatisfy {
                $0.transcription == Transcription(state: "transcribing")
            })
        #expect(lists(bench) == 4 && texts(bench).isEmpty)
        bench.simulator.reconfigure { $0.transcribed = 1 }
        let second = try bench.sync { $0.withTranscriptions = true }
        #expect(lists(bench) == 8)
        #expect(second.entries.values.allSatisfy { $0.transcription?.file != nil })

        let other = try SyncBench(count: 4, size: 4 << 10) { $0.transcribed = 0 }
        for _ in 0..<2 {
            let run = try other.sync { $0.withTranscriptions = true }
            #expect(run.entries.values.allSatisfy { $0.transcription == nil })
            #expect(lists(other) == 4)
        }
        let manifest = String(decoding: try other.bytes("manifest.json"), as: UTF8.self)
        #expect(manifest.contains(#""error":null,"transcription":null}"#))
    }

    @Test func `only archived recordings are asked for that the provider still lists`() throws {
        let bench = try SyncBench(count: 4, size: 4 << 10)
        bench.simulator.update(RecordingPatch(id: "r-000002", state: "saving"))
        #expect(try bench.sync().archivedCount == 3)
        bench.simulator.remove("r-000003")
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(lists(bench) == 2 && texts(bench).count == 2)
        #expect(run.entries["r-000003"]?.transcription == nil)
        #expect(run.entries["r-000003"]?.status == .archived)
    }

    @Test(arguments: [
        "transcriptions:status@500", "transcriptions:status@403", "transcriptions:html-200",
        "transcriptions:malformed-json", "transcriptions:json-200", "transcriptions:huge",
        "transcriptions:invalid-utf8", "transcriptions:redirect-loop", "transcriptions:cut",
        "media:t-*:status@500", "media:t-*:status@404", "media:t-*:html-200",
        "media:t-*:invalid-utf8", "media:t-*:huge", "media:t-*:empty-200",
        "media:t-*:other-container", "media:t-*:cut", "media:t-*:redirect@http://x.invalid/t",
    ])
    func `whatever is wrong with transcriptions is a warning, and the audio is whole`(
        _ fault: String
    ) throws {
        let bench = try SyncBench(count: 3, size: 4 << 10, faults: [fault])
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(run.archivedCount == 3)
        #expect(run.outcome.error == nil && run.outcome.newlyFailed == 0)
        #expect(run.log.notices(.warning).count == 1)
        #expect(texts(bench).isEmpty && bench.parts().isEmpty)
        #expect(run.entries.values.allSatisfy { $0.transcription?.file == nil })
        #expect(try bench.wrongFiles() == [])

        bench.simulator.clearFaults()
        let second = try bench.sync { $0.withTranscriptions = true }
        #expect(second.entries.values.allSatisfy { $0.transcription?.file != nil })
        #expect(second.log.notices(.warning).isEmpty)
    }

    @Test func `a refusal by rate is waited for`() throws {
        let bench = try SyncBench(count: 3, size: 4 << 10) {
            $0.rates = [.transcriptions: RateLimit(requests: 1, per: 1)]
        }
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(texts(bench).count == 3)
        #expect(run.outcome.refused > 0)
    }

    @Test func `credentials go to no other host, which is asked only when it is named`() throws {
        let other = try SyncBench(count: 2, size: 4 << 10) { $0.mediaIsOpen = true }
        let bench = try SyncBench(
            count: 2, size: 4 << 10,
            faults: ["media:t-*:redirect@\(other.simulator.origin){path}"])
        let refused = try bench.sync { $0.withTranscriptions = true }
        #expect(refused.log.notices(.warning).count == 1 && other.simulator.log().isEmpty)
        let run = try bench.sync {
            $0.withTranscriptions = true
            $0.mediaHosts = [MediaHost(host: "127.0.0.1", port: Int(other.simulator.port))]
        }
        #expect(!other.simulator.log().isEmpty)
        #expect(other.simulator.log().allSatisfy { $0.authorization == .none })
        #expect(run.outcome.error == nil)
    }

    @Test func `an outage ends the asking, texts that are none don't`() throws {
        let bench = try SyncBench(count: 30, size: 2 << 10, faults: ["transcriptions:status@500"])
        let down = try bench.sync {
            $0.withTranscriptions = true
            $0.retries = 0
        }
        #expect(lists(bench) == 5)
        #expect(down.log.notices(.warning).first?.hasPrefix("5 transcriptions") == true)

        bench.simulator.clearFaults()
        try bench.simulator.setFault("media:t-r-00000*:invalid-utf8")
        let odd = try bench.sync {
            $0.withTranscriptions = true
            $0.retries = 3
        }
        #expect(texts(bench).count == 21)
        #expect(odd.log.notices(.warning).first?.hasPrefix("9 transcriptions") == true)
        let asked = bench.simulator.log().count { $0.path.contains("/media/t-r-00000") }
        #expect(asked == 2 * 9)
    }

    @Test func `what is refused or fails every night keeps the others from nothing`() throws {
        let refused = ["r-000001", "r-000002", "r-000003", "r-000004"]
        let failing = (5...9).map { "r-00000\($0)" }
        let bench = try SyncBench(
            count: 20, size: 2 << 10,
            faults: refused.map { "transcriptions:\($0):status@403" }
                + failing.map { "transcriptions:\($0):status@500" })
        // A few in a row end the asking; the next night begins with those behind them.
        for stored in [0, 0, 11] {
            let run = try bench.sync {
                $0.withTranscriptions = true
                $0.retries = 0
            }
            #expect(texts(bench).count == stored)
            #expect(run.log.notices(.warning).count == 1)
        }
        bench.simulator.clearFaults()
        let last = try bench.sync { $0.withTranscriptions = true }
        #expect(texts(bench).count == 20 && last.log.notices(.warning).isEmpty)
    }

    @Test func `one that is refused ends nothing`() throws {
        let bench = try SyncBench(
            count: 6, size: 2 << 10, faults: ["transcriptions:r-000002:status@403"])
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(texts(bench).count == 5 && run.outcome.error == nil)
        #expect(run.log.notices(.warning).first?.hasPrefix("1 transcription could") == true)
    }

    @Test func `a text whose entry a crash has lost is known again by its bytes`() throws {
        let bench = try SyncBench(count: 2, size: 4 << 10)
        let before = try bench.sync { $0.withTranscriptions = true }
        let database = try Database(path: "\(bench.path)/.callarchive/catalog.sqlite")
        try database.execute("DELETE FROM transcriptions")
        let after = try bench.sync { $0.withTranscriptions = true }
        for (id, entry) in before.entries {
            #expect(entry.transcription?.file != nil)
            #expect(after.entries[id]?.transcription == entry.transcription)
        }
        #expect(after.log.notices(.warning).isEmpty && bench.parts().isEmpty)
    }

    @Test func `too little room leaves the texts to another run, and the run as it is`() throws {
        let bench = try SyncBench(count: 2, size: 4 << 10)
        _ = try bench.sync()
        // The first two are of manifest and checksums.
        let trace = KernelTrace()
        trace.fail(.rename, nth: 3, errno: ENOSPC)
        let run = try bench.sync(kernel: Kernel(trace: trace)) { $0.withTranscriptions = true }
        let renamed = trace.entries.filter { $0.call == .rename }
        #expect(renamed.count > 2 && renamed[2].path.hasSuffix(".txt"))
        #expect(run.outcome.error == nil && run.archivedCount == 2)
        #expect(run.log.notices(.warning).count == 1 && texts(bench).isEmpty)
        #expect(try bench.sync { $0.withTranscriptions = true }.log.notices(.warning).isEmpty)
        #expect(texts(bench).count == 2 && bench.parts().isEmpty)
    }

    @Test func `another file under the text's name is never overwritten`() throws {
        let bench = try SyncBench(count: 1, size: 4 << 10)
        let entry = try #require(try bench.sync().entries["r-000001"])
        let file = (entry.file?.dropLast(4) ?? "") + ".txt"
        try Data("mine".utf8).write(to: URL(filePath: "\(bench.path)/\(file)"))
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(try bench.bytes(String(file)) == Array("mine".utf8))
        #expect(run.entries["r-000001"]?.transcription == Transcription(state: "completed"))
        #expect(run.log.notices(.warning).first?.contains("never overwritten") == true)
        try FileManager.default.removeItem(atPath: "\(bench.path)/\(file)")
        let second = try bench.sync { $0.withTranscriptions = true }
        #expect(second.entries["r-000001"]?.transcription?.file == String(file))
    }

    @Test func `a lost or altered text is asked for again, and verify tells of it`() throws {
        let bench = try SyncBench(count: 3, size: 4 << 10)
        _ = try bench.sync { $0.withTranscriptions = true }
        let files = texts(bench)
        func verify(repair: Bool = false) throws -> (VerifyOutcome, [VerifyFinding]) {
            var settings = VerifySettings(archive: bench.path)
            settings.repair = repair
            var findings: [VerifyFinding] = []
            let outcome = try Verify(settings: settings).run { findings.append($0) }
            return (outcome, findings)
        }
        #expect(try verify().1.isEmpty)
        var bytes = try bench.bytes(files[0])
        bytes[0] ^= 1
        try Data(bytes).write(to: URL(filePath: "\(bench.path)/\(files[0])"))
        try FileManager.default.removeItem(atPath: "\(bench.path)/\(files[1])")
        let (outcome, findings) = try verify()
        #expect(outcome.damaged == 2 && outcome.unknownFiles == 0)
        #expect(findings.map(\.problem) == [.hash, .missing])
        #expect(findings.map(\.file) == [files[0], files[1]])
        #expect(try verify(repair: true).0.repaired == 2)
        #expect(texts(bench) == [files[2]])
        _ = try bench.sync { $0.withTranscriptions = true }
        #expect(texts(bench) == files)
        #expect(try verify().1.isEmpty)
        // By size, without a verification.
        try Data("short".utf8).write(to: URL(filePath: "\(bench.path)/\(files[2])"))
        let run = try bench.sync { $0.withTranscriptions = true }
        #expect(run.log.notices(.warning).count == 1)
        #expect(try verify().1.isEmpty)
    }

    @Test func `details outlive a lost catalog`() throws {
        let bench = try SyncBench(count: 4, size: 4 << 10)
        let before = try bench.sync {
            $0.withCalls = true
            $0.withTranscriptions = true
        }
        let files = texts(bench)
        try FileManager.default.removeItem(atPath: "\(bench.path)/\(files[0])")
        try FileManager.default.removeItem(
            atPath: "\(bench.path)/.callarchive/catalog.sqlite")
        let outcome = try RebuildRun(archive: bench.path, account: nil).run { _ in }
        #expect(outcome.unknownFiles == 0 && outcome.restored == 4)
        let after = try bench.entries()
        for (id, entry) in before.entries {
            #expect(after[id]?.callDetails == entry.callDetails)
            let isLost = entry.transcription?.file == files[0]
            #expect(
                after[id]?.transcription
                    == (isLost ? Transcription(state: "completed") : entry.transcription))
        }
        let calls = bench.simulator.log().count { $0.path.hasSuffix("/calls") }
        _ = try bench.sync {
            $0.withCalls = true
            $0.withTranscriptions = true
        }
        #expect(bench.simulator.log().count { $0.path.hasSuffix("/calls") } == calls)
        #expect(texts(bench) == files && lists(bench) == 5)
    }

    @Test func `time that is over and signals end the asking, and what came is kept`() throws {
        let bench = try SyncBench(count: 3, size: 4 << 10) {
            $0.rates = [.transcriptions: RateLimit(requests: 1, per: 60, window: .sliding)]
        }
        let started = MonotonicClock.now()
        let run = try bench.sync {
            $0.withTranscriptions = true
            $0.maxDuration = .seconds(4)
        }
        #expect(MonotonicClock.now() - started < 40_000_000_000)
        #expect(run.archivedCount == 3 && run.outcome.error == nil)
        #expect(!run.outcome.budgetReached && run.log.notices(.warning).isEmpty)
        #expect(texts(bench).count == 1)

        bench.simulator.setRate(nil, for: .transcriptions)
        try bench.simulator.setFault("transcriptions:stall-before-headers@600:from=1")
        var settings = bench.settings
        settings.withTranscriptions = true
        settings.stallTimeout = .seconds(300)
        let sync = Sync(settings: settings, observer: EventLog())
        let simulator = bench.simulator
        let before = lists(bench)
        let asked = Locked<Int64>(0)
        DispatchQueue(label: "test.interrupt").async {
            for _ in 0..<200
            where simulator.log().count(where: { $0.path.hasSuffix("/transcriptions") }) == before {
                usleep(100_000)
            }
            usleep(300_000)
            asked.withLock { $0 = MonotonicClock.now() }
            sync.interrupt(signal: SIGINT)
        }
        let outcome = try sync.run()
        #expect(outcome.interruptedBy == SIGINT && outcome.error == nil)
        #expect(MonotonicClock.now() - asked.withLock { $0 } < 10_000_000_000)
    }
}
