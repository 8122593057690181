import CallArchive
import CallArchiveCommands
import FoundationEssentials
import Platform
import Testing

struct OutputShapesTests {
    private var entry: ArchiveEntry {
        var entry = ArchiveEntry(id: "r-1", status: .archived)
        entry.state = "complete"
        entry.startTime = "2013-02-08T13:15:47.587Z"
        entry.file = "recordings/2013/02/08/20130208T131547Z_r-1.wav"
        entry.bytes = 1_496_384
        entry.sha256 = String(repeating: "ab", count: 32)
        entry.audio = AudioProperties(
            container: "wav", encoding: "pcm_s16le", channels: 1, sampleRate: 8000,
            durationSeconds: 93.52)
        entry.archivedAt = someMoment
        entry.sequence = 17
        return entry
    }

    private var outcome: SyncOutcome {
        var outcome = SyncOutcome()
        outcome.listingComplete = true
        outcome.newlyArchived = 1
        outcome.newBytes = 1_496_384
        outcome.summary.listed = 2
        outcome.summary.archived = 1
        outcome.summary.failed = 1
        outcome.newlyFailed = 1
        outcome.summary.bytes = 1_496_384
        outcome.handedOver = 7
        outcome.handoversFailed = 1
        outcome.handoversLeft = 3
        outcome.requests = 5
        outcome.elapsed = .milliseconds(1234)
        return outcome
    }

    @Test func `a line of JSON has nothing that a terminal obeys or doesn't show`() {
        let evil = "a\u{7f}\u{9b}\u{202e}\u{200b}\u{2028}\u{feff}\u{e0001}é😀\u{1b}"
        let line = String(
            decoding: JSONValue.object([.init("x", .string(evil))]).line, as: UTF8.self)
        #expect(
            line == #"{"x":"a\u007f\u009b\u202e\u200b\u2028\ufeff\udb40\udc01é😀\u001b"}"# + "\n")
        let decoded = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(decoded == ["x": evil])
    }

    @Test func `events`() throws {
        let failure = FailureRecord(
            code: "http-500", message: "the provider says \"no\"\u{1b}[31m\n", attempts: 6,
            lastAttemptAt: someMoment)
        let events: [SyncEvent] = [
            .runStarted(run: 3, archive: "/srv/calls", account: "u-123"),
            .pageListed(page: 1, rows: 1000),
            .recordingArchived(entry),
            .recordingFailed(id: "r-2", status: .failed, error: failure),
            .retrying(id: "r-2", attempt: 2, after: .milliseconds(2500), cause: "HTTP 503"),
            .retrying(id: nil, attempt: 1, after: .seconds(1), cause: "stalled"),
            .paced(family: "media", pause: .seconds(12), cause: "HTTP 429"),
            .handedOver(entry, took: .milliseconds(1250), words: ["not told here"]),
            .handoverFailed(
                entry, attempts: 2, message: "it ended with status 4: no such codec\u{1b}[31m"),
            .notice(.warning, "not an event"),
            .runFinished(outcome),
        ]
        var bytes =
            events.compactMap { OutputShapes.event($0, at: someMoment) }.joined()
            + OutputShapes.runFinished(outcome, error: nil, status: .someFailed, at: someMoment)
        bytes += OutputShapes.runFinished(
            nil, error: ArchiveError(.locked, "what", why: "why", hint: "hint"), status: .locked,
            at: someMoment)
        bytes += OutputShapes.allFinished(
            [("acme", .success), ("globex", .locked)], status: .locked, at: someMoment)
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n") {
            struct Event: Decodable { let schema: String, time: String, event: String }
            let event = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
            #expect(event.schema == "callarchive.event/1")
            #expect(event.time == "2026-01-02T03:04:05.678Z")
        }
        try expectSnapshot(text, "events.ndjson")
    }

    @Test func `preview rows are the entry with the action`() throws {
        let row = PreviewRow(entry: ArchiveEntry(id: "r-1", status: .pending), action: .resume)
        struct Row: Decodable { let id: String, action: String, file: String? }
        let text = String(decoding: OutputShapes.preview(row), as: UTF8.self)
        let read = try JSONDecoder().decode(Row.self, from: Data(text.utf8))
        #expect(read.id == "r-1" && read.action == "resume" && read.file == nil)
        #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
    }

    @Test func `strings survive JSON whatever stands in them`() throws {
        let evil = "\"\\/\u{0}\u{1f}\u{7f}\u{85}\u{2028}😀e\u{301}\u{fffd}"
        let line = JSONValue.array([.string(evil), .number(.nan), .number(0.5), .bool(true)]).line
        struct First: Decodable {
            let text: String
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                text = try container.decode(String.self)
            }
        }
        #expect(try JSONDecoder().decode(First.self, from: Data(line)).text == evil)
        #expect(line.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7f })
    }
}
