import CallArchive
import CatapultSimulator
import Dispatch
import Glibc
import Platform
import Synchronization
import Testing

/// Whole syncs that ask who called whom.
struct CallWalkTests {
    private func requests(_ bench: SyncBench) -> [RequestRecord] {
        bench.simulator.log().filter { $0.path.hasSuffix("/calls") }
    }

    /// Everything a run told but its entries, which are data.
    private func told(_ run: SyncRun) -> String {
        run.log.events.compactMap { event in
            switch event {
            case .notice(_, let text): text
            case .retrying(_, _, _, let cause), .paced(_, _, let cause): cause
            default: nil
            }
        }.joined(separator: "\n")
    }

    @Test func `each recording is told of by its call, and no number is in what is logged`() throws
    {
        let bench = try SyncBench(count: 7, size: 4 << 10) { $0.recordings.recordingsPerCall = 2 }
        let run = try bench.sync { $0.withCalls = true }
        #expect(run.outcome.error == nil && run.archivedCount == 7)
        for entry in run.entries.values {
            #expect(entry.extras == .calls)
            let call = try #require(entry.callDetails)
            let from = try #require(call.from)
            let to = try #require(call.to)
            #expect(from.hasPrefix("+1919") && to.hasPrefix("+1919"))
            #expect(call.direction == "in" || call.direction == "out")
            #expect(call.startTime != nil && call.endTime != nil)
            #expect(!told(run).contains(from.dropFirst(5)) && !told(run).contains(to.dropFirst(5)))
        }
        #expect(told(run).contains("the call of 'r-000001': "))
        #expect(run.log.notices(.warning).isEmpty)
        #expect(requests(bench).count == 1)
        let manifest = String(decoding: try bench.bytes("manifest.json"), as: UTF8.self)
        #expect(manifest.contains(#""error":null,"callDetails":{"from":"+1919"#))
        #expect(!manifest.contains("transcription"))
    }

    @Test func `nothing is asked for when no recording lacks its call`() throws {
        let bench = try SyncBench()
        #expect(try bench.sync().entries.values.allSatisfy { $0.extras == [] })
        #expect(requests(bench).isEmpty)
        _ = try bench.sync { $0.withCalls = true }
        #expect(requests(bench).count == 1)
        let second = try bench.sync { $0.withCalls = true }
        #expect(requests(bench).count == 1)
        #expect(second.outcome.error == nil)
        // What is known stays known without the option.
        let third = try bench.sync()
        #expect(third.entries.values.allSatisfy { $0.callDetails?.from != nil })
        #expect(requests(bench).count == 1)
    }

    @Test func `calls are paged as recordings are, and the walk ends when all are found`() throws {
        let bench = try SyncBench(count: 9, size: 4 << 10)
        let run = try bench.sync {
            $0.withCalls = true
            $0.pageSize = 2
        }
        #expect(run.entries.values.allSatisfy { $0.callDetails != nil })
        #expect(requests(bench).count == 5)
        // Oldest first: a new one is on the last page.
        let all = requests(bench).count
        bench.simulator.update(
            RecordingPatch(id: "r-new", startTime: 1_700_000_000_000, callID: "c-000001"))
        let second = try bench.sync {
            $0.withCalls = true
            $0.pageSize = 2
        }
        #expect(second.entries["r-new"]?.callDetails?.from != nil)
        #expect(requests(bench).count == all + 1)
    }

    @Test(arguments: PagingStyle.allCases)
    func `each way of paging finds every call`(_ style: PagingStyle) throws {
        let bench = try SyncBench(count: 7, size: 4 << 10) {
            $0.paging = style
            $0.movingRows = 1
            $0.movingWalks = 1
        }
        let run = try bench.sync {
            $0.withCalls = true
            $0.pageSize = 3
        }
        #expect(run.entries.values.allSatisfy { $0.callDetails != nil })
        #expect(run.log.notices(.warning).isEmpty)
    }

    @Test func `with the newest first the walk doesn't go back for years`() throws {
        let bench = try SyncBench(count: 40, size: 4 << 10) {
            $0.recordings.newestFirst = true
            $0.recordings.days = 400
        }
        let all = (1...39).map { "r-" + "00000\($0)".suffix(6) }
        for id in all { bench.simulator.remove(id) }
        // One that no page of calls shows.
        bench.simulator.update(
            RecordingPatch(id: "r-other", startTime: 1_700_000_000_000 - 86_400_000))
        let run = try bench.sync {
            $0.withCalls = true
            $0.pageSize = 4
        }
        #expect(run.entries["r-000040"]?.callDetails != nil)
        #expect(run.entries["r-other"]?.callDetails == nil)
        #expect(requests(bench).count == 2)
    }

    @Test func `what complete walks never show is asked for three times`() throws {
        let bench = try SyncBench { $0.hasNoCalls = true }
        for expected in [1, 2, 3, 3] {
            let run = try bench.sync { $0.withCalls = true }
            #expect(run.entries.values.allSatisfy { $0.callDetails == nil && $0.extras == .calls })
            #expect(run.outcome.error == nil && run.log.notices(.warning).isEmpty)
            #expect(requests(bench).count == expected)
        }
        let manifest = String(decoding: try bench.bytes("manifest.json"), as: UTF8.self)
        #expect(manifest.contains(#""error":null,"callDetails":null}"#))
    }

    @Test func `a call under way is asked for again until it has ended`() throws {
        let bench = try SyncBench()
        bench.simulator.update(RecordingPatch(id: "r-000002", state: "recording"))
        let first = try bench.sync { $0.withCalls = true }
        #expect(first.entries["r-000002"]?.callDetails?.from != nil)
        #expect(first.entries["r-000002"]?.callDetails?.endTime == nil)
        bench.simulator.update(RecordingPatch(id: "r-000002", state: "complete"))
        let second = try bench.sync { $0.withCalls = true }
        #expect(second.entries["r-000002"]?.callDetails?.endTime != nil)
        #expect(requests(bench).count == 2)
    }

    @Test(arguments: [
        "status@500", "status@404", "status@403", "status@401", "html-200", "empty-200",
        "json-200", "malformed-json", "truncated-json", "invalid-utf8", "deep-nesting", "huge",
        "cut", "reset", "redirect-loop", "next-loop", "next-other-origin", "stall@0.5",
    ])
    func `whatever is wrong with the calls is a warning, and the audio is whole`(
        _ fault: String
    ) throws {
        let bench = try SyncBench(count: 4, size: 4 << 10, faults: ["calls:\(fault)"])
        let run = try bench.sync {
            $0.withCalls = true
            $0.pageSize = 3
        }
        #expect(run.archivedCount == 4)
        #expect(run.outcome.error == nil && run.outcome.listingComplete)
        #expect(run.outcome.newlyFailed == 0 && !run.outcome.budgetReached)
        #expect(run.log.notices(.warning).count == 1)
        #expect(run.log.notices(.warning).first?.contains("who called whom") == true)
        #expect(try bench.wrongFiles() == [])

        bench.simulator.clearFaults()
        let second = try bench.sync { $0.withCalls = true }
        #expect(second.entries.values.allSatisfy { $0.callDetails != nil })
        #expect(second.log.notices(.warning).isEmpty)
    }

    @Test func `a refusal by rate is waited for, in a family of its own`() throws {
        let bench = try SyncBench(count: 6, size: 4 << 10) {
            $0.rates = [.calls: RateLimit(requests: 1, per: 1)]
        }
        let run = try bench.sync {
            $0.withCalls = true
            $0.pageSize = 2
        }
        #expect(run.entries.values.allSatisfy { $0.callDetails != nil })
        #expect(run.outcome.refused > 0)
        let families = run.log.events.compactMap {
            if case .paced(let family, _, _) = $0 { family } else { nil }
        }
        #expect(Set(families) == ["calls"])
    }

    @Test func `words of the provider's are logged without numbers`() throws {
        let bench = try SyncBench()
        try bench.simulator.setFault("calls:redirect@https://x.example/+19195551234")
        let run = try bench.sync { $0.withCalls = true }
        #expect(run.log.notices(.warning).count == 1)
        #expect(!told(run).contains("5551234"))
    }

    @Test func `no time left lets the calls be, and is no failure`() throws {
        let bench = try SyncBench()
        #expect(try bench.sync().archivedCount == 3)
        let run = try bench.sync {
            $0.withCalls = true
            $0.maxDuration = .zero
        }
        #expect(requests(bench).isEmpty)
        #expect(run.outcome.error == nil && !run.outcome.budgetReached)
        #expect(run.log.notices(.warning).isEmpty)
    }

    @Test func `an interrupt ends the walk at once`() throws {
        let bench = try SyncBench(faults: ["calls:stall-before-headers@600"])
        var settings = bench.settings
        settings.withCalls = true
        settings.stallTimeout = .seconds(300)
        let sync = Sync(settings: settings, observer: EventLog())
        let simulator = bench.simulator
        let asked = Locked<Int64>(0)
        DispatchQueue(label: "test.interrupt").async {
            for _ in 0..<200
            where !simulator.log().contains(where: { $0.path.hasSuffix("/calls") }) {
                usleep(100_000)
            }
            usleep(300_000)
            asked.withLock { $0 = MonotonicClock.now() }
            sync.interrupt(signal: SIGTERM)
        }
        let outcome = try sync.run()
        let took = MonotonicClock.now() - asked.withLock { $0 }
        #expect(outcome.interruptedBy == SIGTERM && outcome.error == nil)
        #expect(took < 10_000_000_000)
        #expect(try bench.entries().values.allSatisfy { $0.status == .archived })
        bench.simulator.clearFaults()
        #expect(
            try bench.sync { $0.withCalls = true }.entries.values
                .allSatisfy { $0.callDetails != nil })
    }
}
