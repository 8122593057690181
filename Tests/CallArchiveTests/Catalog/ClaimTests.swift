import Platform
import Testing

@testable import CallArchive

/// In which order recordings are handed out, and what a listed row makes of them.
struct ClaimTests {
    typealias Bench = CatalogBench

    @Test func `the oldest come first, unknown times last, ids bytewise`() throws {
        let bench = try Bench()
        try bench.list(
            Bench.complete("late", start: 300), Bench.complete("none", start: nil),
            Bench.complete("b", start: 200), Bench.complete("B", start: 200),
            Bench.complete("ä", start: 200), Bench.complete("a", start: 200),
            Bench.complete("early", start: -100), Bench.complete("Zone", start: nil))
        #expect(try bench.claims() == ["early", "B", "a", "b", "ä", "late", "Zone", "none"])
        #expect(try bench.claims() == [])
    }

    @Test func `each is handed out once a run, in slices`() throws {
        let bench = try Bench()
        try bench.list(
            Bench.complete("a", start: 1), Bench.complete("b", start: 2),
            Bench.complete("c", start: 3))
        #expect(try bench.claims(2) == ["a", "b"])
        try bench.setback("a", .failed, "http-500")
        #expect(try bench.claims(2) == ["c"])
        #expect(try bench.claims(2) == [])
        try bench.list(Bench.complete("a", start: 1, version: 2))
        #expect(try bench.claims() == [])
    }

    @Test func `an older one that is listed later is handed out next`() throws {
        let bench = try Bench()
        var walk = Walk()
        _ = try bench.catalog.record(
            [Bench.complete("b", start: 200), Bench.complete("d", start: 400)], in: &walk)
        #expect(try bench.claims(1) == ["b"])
        _ = try bench.catalog.record(
            [Bench.complete("a", start: 100), Bench.complete("c", start: 300)], in: &walk)
        #expect(try bench.claims() == ["a", "c", "d"])
    }

    @Test func `a window takes its beginning in and leaves its end out`() throws {
        let bench = try Bench()
        try bench.list(
            Bench.complete("a", start: 100), Bench.complete("b", start: 200),
            Bench.complete("c", start: 300), Bench.complete("none", start: nil))
        let window = StartWindow(
            since: Timestamp(milliseconds: 200_000), until: Timestamp(milliseconds: 300_000))
        #expect(try bench.catalog.countDue(in: window) == 2)
        #expect(try bench.claims(in: window) == ["b", "none"])
        #expect(window.contains(nil))
        #expect(window.contains(Timestamp(milliseconds: 200_000)))
        #expect(!window.contains(Timestamp(milliseconds: 300_000)))
    }

    @Test func `only pending and failed ones are due`() throws {
        let bench = try Bench()
        try bench.list(
            Bench.complete("pending"), Bench.complete("failed"), Bench.complete("gone"),
            Bench.complete("archived"), Bench.row("waiting", .saving),
            Bench.row("unavailable", .error))
        try bench.setback("failed", .failed, "x")
        try bench.setback("gone", .gone, "http-404")
        try bench.commit("archived")
        #expect(try bench.catalog.countDue(in: StartWindow()) == 2)
        #expect(try bench.claims() == ["failed", "pending"])
        #expect(try bench.catalog.retryGone() == 1)
        #expect(try bench.entry("gone").status == .pending)
        let summary = try bench.catalog.summary()
        #expect(summary.listed == 6)
        #expect(summary.archived == 1 && summary.pending == 2 && summary.failed == 1)
        #expect(summary.waiting == 1 && summary.unavailable == 1 && summary.gone == 0)
    }

    @Test func `a claim that is taken back counts as not tried`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"), Bench.complete("b"))
        #expect(try bench.claims() == ["a", "b"])
        try bench.catalog.unclaim([try bench.row("a")])
        try bench.list()
        #expect(try bench.catalog.expireVanished() == [try bench.row("b")])
        #expect(try bench.entry("a").status == .pending)
    }

    struct Rule: Sendable {
        var state: RecordingState
        var media: String? = "m"
        var known: StatusRule.Known?
        var status: ArchiveStatus
    }

    @Test(arguments: [
        Rule(state: .complete, status: .pending),
        Rule(state: .complete, media: nil, status: .unavailable),
        Rule(state: .error, status: .unavailable),
        Rule(state: .error, media: nil, status: .unavailable),
        Rule(state: .recording, status: .waiting), Rule(state: .saving, status: .waiting),
        Rule(state: .unknown("x"), status: .waiting),
        Rule(state: .complete, known: .init(status: .waiting), status: .pending),
        Rule(state: .complete, known: .init(status: .unavailable), status: .pending),
        Rule(state: .complete, known: .init(status: .pending), status: .pending),
        Rule(state: .complete, known: .init(status: .failed), status: .failed),
        Rule(state: .saving, known: .init(status: .failed), status: .waiting),
        Rule(
            state: .complete, known: .init(status: .gone, errorCode: "http-404", media: "m"),
            status: .gone),
        Rule(
            state: .complete, known: .init(status: .gone, errorCode: "http-404", media: "old"),
            status: .pending),
        Rule(
            state: .complete, known: .init(status: .gone, errorCode: "expired", media: "m"),
            status: .pending),
        Rule(state: .error, known: .init(status: .archived), status: .archived),
        Rule(state: .complete, media: nil, known: .init(status: .archived), status: .archived),
    ])
    func `a listed row makes of a recording what the table says`(_ rule: Rule) {
        let recording = Recording(id: "r", state: rule.state, media: rule.media)
        #expect(StatusRule.status(of: recording, known: rule.known) == rule.status)
    }

    @Test func `a set of rows holds what was put in, and no more`() {
        var rows = RowSet()
        var model: Set<Int64> = []
        var random = SeededRandom(seed: 7)
        for _ in 0..<5000 {
            let row = Int64.random(in: 0..<700, using: &random)
            if Bool.random(using: &random) {
                #expect(rows.insert(row) == model.insert(row).inserted)
            } else {
                rows.remove(row)
                model.remove(row)
            }
        }
        for row in Int64(0)..<1000 { #expect(rows.contains(row) == model.contains(row)) }
    }
}
