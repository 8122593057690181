import Platform
import Testing

@testable import CallArchive

/// What the catalog knows beside the recordings themselves.
struct ExtrasTests {
    typealias Bench = CatalogBench

    private func call(_ id: String) -> String { "https://api.example/v1/users/u-1/calls/\(id)" }

    private func callID(_ url: String) -> String? {
        url.split(separator: "/").last.map { String($0) }
    }

    /// A row of the listing that belongs to a call.
    private func row(_ id: String, call: String?, start: Int64? = 1_600_000_000) -> Recording {
        var recording = Bench.complete(id, start: start)
        recording.call = call.map { self.call($0) }
        return recording
    }

    private func ended(_ id: String) -> ListedCall {
        ListedCall(
            id: id,
            details: CallDetails(
                from: "+1", to: "+2", direction: "in", startTime: "s", endTime: "e"))
    }

    @Test func `an archive tells of extras from the first run on that kept them`() throws {
        let bench = try Bench()
        try bench.list(row("a", call: "c-1"))
        #expect(try bench.entry("a").extras == [])
        let generation = try bench.catalog.generation()
        try bench.catalog.keep(.calls)
        #expect(try bench.entry("a").extras == .calls)
        #expect(try bench.catalog.generation() == generation + 1)
        try bench.catalog.keep(.calls)
        #expect(try bench.catalog.generation() == generation + 1)
        try bench.catalog.keep(.transcriptions)
        #expect(try bench.entry("a").extras == .all)
    }

    @Test func `only calls that recordings still lack are wanted`() throws {
        let bench = try Bench()
        try bench.list(
            row("a", call: "c-1"), row("b", call: "c-2", start: 1_500_000_000),
            row("c", call: nil), row("d", call: "c-1"))
        try bench.catalog.keep(.calls)
        let wanted = try bench.catalog.beginCallWalk(in: StartWindow(), callID: callID)
        #expect(wanted.count == 3)
        #expect(wanted.oldestStart == Timestamp(milliseconds: 1_500_000_000_000))
        let found = try bench.catalog.takeCalls([ended("c-1"), ended("c-9"), ended("c-1")])
        #expect(found.map(\.recording).sorted() == ["a", "d"])
        try bench.catalog.endCallWalk(isComplete: false)
        #expect(try bench.entry("d").callDetails == ended("c-1").details)
        #expect(try bench.entry("b").callDetails == nil)
        let next = try bench.catalog.beginCallWalk(in: StartWindow(), callID: callID)
        #expect(next.count == 1)
        let window = StartWindow(since: Timestamp(milliseconds: 1_550_000_000_000))
        #expect(try bench.catalog.beginCallWalk(in: window, callID: callID).count == 0)
    }

    @Test func `a call that complete walks don't show is let be in the end`() throws {
        let bench = try Bench()
        try bench.list(row("a", call: "c-1"), row("b", call: "c-2"))
        try bench.catalog.keep(.calls)
        let active = ListedCall(id: "c-2", details: CallDetails(from: "+1"))
        for _ in 0..<Catalog.mostMisses {
            #expect(
                try bench.catalog.beginCallWalk(in: StartWindow(), callID: callID).count == 2)
            _ = try bench.catalog.takeCalls([active])
            try bench.catalog.endCallWalk(isComplete: false)
            #expect(
                try bench.catalog.beginCallWalk(in: StartWindow(), callID: callID).count == 2)
            _ = try bench.catalog.takeCalls([active])
            try bench.catalog.endCallWalk(isComplete: true)
        }
        #expect(try bench.catalog.beginCallWalk(in: StartWindow(), callID: callID).count == 0)
        #expect(try bench.entry("a").callDetails == nil)
        #expect(try bench.entry("b").callDetails == active.details)
    }

    @Test func `a recording without a start time sets no horizon`() throws {
        let bench = try Bench()
        try bench.list(row("a", call: "c-1"), row("b", call: "c-2", start: nil))
        let wanted = try bench.catalog.beginCallWalk(in: StartWindow(), callID: callID)
        #expect(wanted.count == 2 && wanted.oldestStart == nil)
    }

    @Test func `transcriptions are claimed until they are settled or failed too often`() throws {
        let bench = try Bench()
        try bench.list(
            Bench.complete("a"), Bench.complete("b"), Bench.complete("c"), Bench.complete("d"))
        try bench.commit("a", "b", "c")
        try bench.catalog.keep(.transcriptions)
        func found() throws -> [TranscriptionClaim] {
            var cursor = TranscriptionCursor(start: Timestamp(milliseconds: .max))
            var all: [TranscriptionClaim] = []
            while true {
                let some = try bench.catalog.transcriptionClaims(
                    &cursor, limit: 2, in: StartWindow())
                if some.isEmpty { return all }
                all += some
            }
        }
        func claims() throws -> [String] { try found().map(\.id) }
        #expect(try claims() == ["a", "b", "c"])
        var rows: [String: Int64] = [:]
        for claim in try found() { rows[claim.id] = claim.row }
        var text = TranscriptionFinding(
            row: try #require(rows["a"]), state: "completed", isSettled: true)
        text.text = .init(
            file: "recordings/a.txt", bytes: 5, sha256: [UInt8](repeating: 1, count: 32))
        var failed = TranscriptionFinding(
            row: try #require(rows["b"]), state: "completed", isSettled: false)
        failed.hasFailed = true
        let making = TranscriptionFinding(
            row: try #require(rows["c"]), state: "transcribing", isSettled: false)
        try bench.catalog.settle([text, failed, making], at: Bench.time)
        #expect(try claims() == ["b", "c"])
        #expect(try bench.entry("a").transcription?.file == "recordings/a.txt")
        #expect(try bench.entry("b").transcription == Transcription(state: "completed"))
        #expect(try bench.catalog.knows(file: "recordings/a.txt"))
        #expect(try !bench.catalog.knows(file: "recordings/A.txt"))
        for _ in 1..<TranscriptionRule.attempts {
            try bench.catalog.settle([failed], at: Bench.time)
        }
        #expect(try claims() == ["c"])
        try bench.catalog.forgetTexts([text.row])
        #expect(try claims() == ["a", "c"])
        #expect(try bench.catalog.countTranscriptionClaims(in: StartWindow()) == 2)
    }

    @Test func `what was asked for by a clock far ahead is asked for again, and once`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"))
        try bench.commit("a")
        let ahead = Timestamp(milliseconds: Bench.time.milliseconds + 1_000_000_000_000)
        let finding = TranscriptionFinding(
            row: try bench.row("a"), state: "transcribing", isSettled: false)
        try bench.catalog.settle([finding], at: ahead)
        let began = max(Bench.time, try bench.catalog.afterLastTranscription())
        #expect(began > ahead)
        var cursor = TranscriptionCursor(start: began)
        func next() throws -> Int {
            try bench.catalog.transcriptionClaims(&cursor, limit: 10, in: StartWindow()).count
        }
        #expect(try next() == 1)
        try bench.catalog.settle([finding], at: max(Bench.time, began))
        #expect(try next() == 0)
    }

    /// A catalog as the first version of the program left it.
    private func firstVersion(_ scratch: ScratchFolder) throws -> String {
        let path = try scratch.file("old.sqlite", [])
        try CatalogBench.write(
            version: 1, at: path,
            """
            INSERT INTO recordings (id, source, start_key, status, call)
            VALUES ('a', x'00', 5, 1, 'https://h/calls/c-1')
            """)
        return path
    }

    private func version(_ path: String) throws -> Int {
        try CatalogSchema.userVersion(Database(path: path, isReadOnly: true))
    }

    @Test func `an old catalog is brought up to date, and looked at without being touched`() throws
    {
        let scratch = try ScratchFolder()
        let path = try firstVersion(scratch)
        let looking = try Catalog(readingFrom: path)
        #expect(try looking.entry(id: "a")?.entry.status == .pending)
        #expect(try looking.owner().account == "u-1")
        looking.close()
        #expect(try version(path) == 1)

        let catalog = try Catalog(path: path, provider: "catapult", account: "u-1")
        try catalog.keep(.all)
        #expect(try catalog.beginCallWalk(in: StartWindow(), callID: callID).count == 1)
        #expect(try catalog.entry(id: "a")?.entry.extras == .all)
        catalog.close()
        #expect(try version(path) == CatalogSchema.migrations.count)
    }
}
