import Platform
import Testing

@testable import CallArchive

/// Which files are due for the user's program, over runs and kills.
struct HandoverCatalogTests {
    typealias Bench = CatalogBench

    private func bench(_ ids: String...) throws -> Bench {
        let bench = try Bench()
        for id in ids { try bench.list(Bench.complete(id)) }
        return bench
    }

    private func take(_ bench: Bench, run: Int64, limit: Int = 100) throws -> [String] {
        try bench.catalog.takeHandovers(limit: limit, run: run).map(\.entry.id)
    }

    @Test func `what is there at the first run with a program is left out, later ones are due`()
        throws
    {
        let bench = try bench("old", "new", "newer")
        try bench.commit("old")
        #expect(try bench.catalog.beginHandovers() == 1)
        #expect(try take(bench, run: 1) == [])
        try bench.commit("new", "newer")
        #expect(try bench.catalog.countHandovers() == 2)
        #expect(try take(bench, run: 1, limit: 1) == ["new"])
        #expect(try take(bench, run: 1) == ["newer"])
        #expect(try take(bench, run: 1) == [])
        #expect(try bench.catalog.beginHandovers() == nil)
    }

    @Test func `what a run without the program archived is due at the next with it`() throws {
        let bench = try bench("a", "b")
        #expect(try bench.catalog.beginHandovers() == 0)
        try bench.commit("a")
        bench.catalog.close()
        let again = try Catalog(path: bench.path, provider: "catapult", account: "u-1")
        #expect(try again.beginHandovers() == nil)
        #expect(try again.takeHandovers(limit: 9, run: 2).map(\.entry.id) == ["a"])
    }

    @Test func `what was taken by a run that was killed is due again`() throws {
        let bench = try bench("a", "b", "c")
        _ = try bench.catalog.beginHandovers()
        try bench.commit("a", "b", "c")
        #expect(try take(bench, run: 1) == ["a", "b", "c"])
        try bench.catalog.settleHandovers(done: [2], failed: [], at: Bench.time)
        #expect(try bench.catalog.countHandovers() == 2)
        #expect(try take(bench, run: 2) == ["a", "c"])
    }

    @Test func `failures are due once a run, the new ones before them, the least tried first`()
        throws
    {
        let bench = try bench("a", "b", "c", "d")
        _ = try bench.catalog.beginHandovers()
        try bench.commit("a", "b", "c")
        #expect(try take(bench, run: 1).count == 3)
        try bench.catalog.settleHandovers(
            done: [], failed: [(1, "no"), (2, "no"), (3, "no")], at: Bench.time)
        #expect(try take(bench, run: 1) == [])
        try bench.catalog.settleHandovers(done: [], failed: [(1, "no")], at: Bench.time)
        #expect(try bench.catalog.handoverAttempts(1) == 2)
        try bench.commit("d")
        #expect(try take(bench, run: 2) == ["d"])
        #expect(try take(bench, run: 2) == ["b", "c", "a"])
        #expect(try take(bench, run: 2) == [])
        try bench.catalog.settleHandovers(done: [1, 2, 3, 4], failed: [], at: Bench.time)
        #expect(try bench.catalog.countHandovers() == 0)
        #expect(try take(bench, run: 3) == [])
    }

    @Test func `a file that was fetched again is due under its new number alone`() throws {
        let bench = try bench("a", "b")
        _ = try bench.catalog.beginHandovers()
        try bench.commit("a", "b")
        #expect(try take(bench, run: 1) == ["a", "b"])
        try bench.catalog.requeue([try bench.row("a")])
        #expect(try bench.catalog.countHandovers() == 1)
        try bench.commit("a")
        // The process that had the old file ends only now.
        try bench.catalog.settleHandovers(done: [1, 2], failed: [], at: Bench.time)
        let due = try bench.catalog.takeHandovers(limit: 9, run: 1)
        #expect(due.map(\.sequence) == [3])
        #expect(due.first?.entry.sequence == 3)
        #expect(try bench.catalog.beginHandovers() == nil)
    }
}
