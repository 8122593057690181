import Platform
import Testing

@testable import CallArchive

private typealias Bench = CatalogBench

/// Pages of which the catalog has some recordings and not others: what is taken for new without a
/// look is found out when it isn't.
struct CatalogPageTests {
    /// What the catalog and the walk say afterwards.
    private struct Outcome: Equatable {
        var entries: [ArchiveEntry] = []
        var fresh = 0
        var due = 0
        var unknownStates: [String] = []
        var repeats = 0
        var claims: [String] = []
        var changes: Bool
    }

    private static let states: [RecordingState] = [
        .complete, .complete, .complete, .recording, .error, .unknown("paused"), .unknown("held"),
    ]

    private func random(_ id: Int, _ random: inout SeededRandom) -> Recording {
        let state = Self.states.randomElement(using: &random) ?? .complete
        let media = state == .complete ? "https://api.example/media/r-\(id).wav" : nil
        let start = Int64(1_600_000_000 + id % 7)
        return Bench.row(
            "r-\(id)", state, start: start, media: media, Int.random(in: 0...1, using: &random))
    }

    /// Lists the pages as they are, or each recording as a page of its own, which is always looked up.
    private func list(
        _ known: [Recording], _ archived: [String], _ pages: [[Recording]], oneByOne: Bool
    ) throws -> Outcome {
        let bench = try Bench()
        var before = Walk()
        for recording in known { _ = try bench.catalog.record([recording], in: &before) }
        try bench.catalog.commit(try archived.map(bench.file), at: Bench.time)
        _ = try bench.claims()
        let version = try bench.catalog.generation()
        var outcome = Outcome(changes: false)
        var walk = Walk()
        for page in oneByOne ? pages.joined().map({ [$0] }) : pages {
            let change = try bench.catalog.record(page, in: &walk)
            outcome.fresh += change.fresh
            outcome.due += change.due
            outcome.unknownStates += change.unknownStates
        }
        outcome.repeats = walk.repeats
        outcome.changes = try bench.catalog.generation() > version
        outcome.claims = try bench.claims(1000)
        try bench.catalog.forEachEntry {
            outcome.entries.append($0)
            return true
        }
        return outcome
    }

    @Test(arguments: UInt64(1)...60)
    func `what a page changes is what its recordings change one by one`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let all = Int.random(in: 1...90, using: &random)
        let share = Int.random(in: 0...10, using: &random)
        var known: [Recording] = []
        var archived: [String] = []
        for id in 0..<all where Int.random(in: 0..<10, using: &random) < share {
            known.append(self.random(id, &random))
            if known.last?.state == .complete, Bool.random(using: &random) {
                archived.append("r-\(id)")
            }
        }
        var ids =
            Array(0..<all) + (0..<(all / 9)).map { _ in Int.random(in: 0..<all, using: &random) }
        if Bool.random(using: &random) { ids.shuffle(using: &random) }
        let length = Int.random(in: 1...50, using: &random)
        let pages = stride(from: 0, to: ids.count, by: length).map { start in
            ids[start..<min(start + length, ids.count)].map { self.random($0, &random) }
        }
        var whole = try list(known, archived, pages, oneByOne: false)
        var single = try list(known, archived, pages, oneByOne: true)
        // Told in the order in which they are entered, which is another one in a page.
        whole.unknownStates.sort()
        single.unknownStates.sort()
        #expect(whole == single)
    }

    /// One known among new ones, at each place of a page that is entered sixteen at a time.
    @Test(arguments: 0..<36)
    func `one that is known among new ones is told from them`(_ place: Int) throws {
        let bench = try Bench()
        let page = (0..<36).map { Bench.complete("r-\($0)", start: 1_600_000_000 + Int64($0)) }
        try bench.list(page[place])
        try bench.commit("r-\(place)")
        var walk = Walk()
        let change = try bench.catalog.record(page, in: &walk)
        #expect(change.fresh == 36)
        #expect(change.due == 35)
        #expect(walk.repeats == 0)
        #expect(try bench.entry("r-\(place)").status == .archived)
        #expect(try bench.claims() == (0..<36).filter { $0 != place }.map { "r-\($0)" })
        #expect(try bench.catalog.finishWalk(walk, pages: 1, at: Bench.time) == 0)
    }
}
