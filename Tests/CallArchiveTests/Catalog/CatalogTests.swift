import FoundationEssentials
import Platform
import Testing

@testable import CallArchive

/// What the catalog makes of listings, commits and failures.
struct CatalogTests {
    typealias Bench = CatalogBench

    @Test func `a row is entered once, and again only when it changed`() throws {
        let bench = try Bench()
        let first = try bench.list(Bench.complete("a"), Bench.row("b", .saving))
        #expect(first.fresh == 2)
        #expect(first.due == 1)
        let generation = try bench.catalog.generation()
        let same = try bench.list(Bench.complete("a"), Bench.row("b", .saving))
        #expect(same.fresh == 2)
        #expect(same.due == 0)
        #expect(try bench.catalog.generation() == generation)
        let changed = try bench.list(Bench.complete("a"), Bench.complete("b"))
        #expect(changed.due == 1)
        #expect(try bench.entry("b").status == .pending)
        #expect(try bench.catalog.generation() > generation)
    }

    @Test func `complete wins when an id is listed twice in a walk`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"), Bench.row("a", .saving))
        #expect(try bench.entry("a").status == .pending)
        try bench.list(Bench.row("b", .recording), Bench.complete("b"))
        #expect(try bench.entry("b").status == .pending)
        // In another walk the provider may take it back.
        try bench.list(Bench.row("a", .saving), Bench.complete("b"))
        #expect(try bench.entry("a").status == .waiting)
    }

    @Test func `unknown states are told as they came`() throws {
        let bench = try Bench()
        let change = try bench.list(
            Bench.row("a", .unknown("queued")), Bench.row("b", .unknown("")))
        #expect(change.unknownStates == ["queued", ""])
        #expect(try bench.entry("a").status == .waiting)
        #expect(try bench.entry("a").state == "queued")
        #expect(try bench.entry("b").state == nil)
    }

    @Test func `what is archived stays so, whatever is listed later`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"))
        try bench.commit("a")
        for state in [RecordingState.recording, .saving, .error, .unknown("x"), .complete] {
            try bench.list(Bench.row("a", state))
            #expect(try bench.entry("a").status == .archived)
            #expect(try bench.entry("a").file == "recordings/a.wav")
        }
        try bench.setback("a", .failed, "late")
        #expect(try bench.entry("a").status == .archived)
    }

    @Test func `unavailable recordings say why, and no longer once they are there`() throws {
        let bench = try Bench()
        try bench.list(Bench.row("a", .error), Bench.row("b", .complete))
        #expect(try bench.entry("a").error?.code == "provider-error")
        #expect(try bench.entry("b").error?.code == "no-media")
        try bench.list(Bench.complete("a"), Bench.complete("b"))
        #expect(try bench.entry("a").status == .pending)
        #expect(try bench.entry("a").error == nil)
    }

    @Test func `each commit has the next sequence number, also after reopening`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"), Bench.complete("b"), Bench.complete("c"))
        try bench.commit("b", "a")
        #expect(try bench.entry("b").sequence == 1)
        #expect(try bench.entry("a").sequence == 2)
        bench.catalog.close()
        let again = try Catalog(path: bench.path, provider: "catapult", account: "u-1")
        try again.requeue([1])
        try again.commit(
            [
                ArchivedFile(
                    row: 1, file: "recordings/a.wav", bytes: 1,
                    sha256: [UInt8](repeating: 1, count: 32), audio: Bench.audio)
            ], at: Bench.time)
        #expect(try again.entry(row: 1)?.sequence == 3)
        var seen: [Int64] = []
        try again.forEachEntry(after: 1) {
            seen.append($0.sequence ?? 0)
            return true
        }
        #expect(seen == [3])
    }

    @Test func `a commit that fails changes nothing`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"), Bench.complete("b"))
        var twin = try bench.file("b")
        twin.file = "recordings/A.wav"
        #expect(throws: CatalogError.self) {
            // Names that differ in case only are one on some file systems.
            try bench.catalog.commit([try bench.file("a"), twin], at: Bench.time)
        }
        #expect(try bench.entry("a").status == .pending)
        #expect(try bench.catalog.summary().archived == 0)
        try bench.commit("a")
        #expect(try bench.entry("a").sequence == 1)
    }

    @Test func `failures are counted over runs and keep what can be resumed`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"))
        let partial = Partial(etag: "\"e\"", lastModified: nil, total: 10, highWater: 4)
        try bench.setback("a", .failed, "http-500", partial: partial)
        try bench.setback("a", .failed, "http-503", partial: partial)
        let entry = try bench.entry("a")
        #expect(entry.error?.code == "http-503")
        #expect(entry.error?.attempts == 4)
        #expect(try bench.catalog.idsWithPartials() == ["a"])
        let claim = try #require(try bench.catalog.claim(limit: 1, in: StartWindow()).first)
        #expect(claim.partial == partial)
        #expect(claim.attempts == 4)
        try bench.commit("a")
        #expect(try bench.catalog.idsWithPartials() == [])
        #expect(try bench.entry("a").error == nil)
    }

    @Test func `a requeued recording is due again and has no file`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"))
        #expect(try bench.claims() == ["a"])
        try bench.commit("a")
        try bench.catalog.requeue([try bench.row("a")])
        let entry = try bench.entry("a")
        #expect(entry.status == .pending)
        #expect(entry.file == nil && entry.sha256 == nil && entry.sequence == nil)
        #expect(try bench.claims() == ["a"])
    }

    @Test func `what a whole walk doesn't show is no longer listed, and gone when not archived`()
        throws
    {
        let bench = try Bench()
        try bench.list(Bench.complete("a"), Bench.row("b", .saving), Bench.complete("c"))
        try bench.commit("a")
        try bench.list()
        #expect(try bench.entry("a").listed == false)
        // Due, and not tried in this run: its media may still be there.
        #expect(try bench.catalog.expireVanished().count == 1)
        #expect(try bench.entry("b").status == .gone)
        #expect(try bench.entry("b").error?.code == StatusRule.expired)
        #expect(try bench.entry("c").status == .pending)
        #expect(try bench.entry("a").status == .archived)
        // Tried and still not archived: gone.
        #expect(try bench.claims() == ["c"])
        #expect(try bench.catalog.expireVanished().count == 1)
        #expect(try bench.entry("c").status == .gone)
        // Listed again it is due again.
        try bench.list(Bench.complete("c"))
        #expect(try bench.entry("c").status == .pending)
    }

    @Test func `a walk that was given up marks nothing`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"))
        var walk = Walk()
        _ = try bench.catalog.record([Bench.complete("b")], in: &walk)
        try bench.catalog.abandonWalk(pages: 1)
        #expect(try bench.catalog.listing().isComplete == false)
        #expect(try bench.entry("a").listed)
        #expect(try bench.catalog.expireVanished().count == 0)
    }

    @Test func `an archive belongs to one account and provider`() throws {
        let bench = try Bench()
        // A mistyped account that the provider never answered for binds nothing.
        bench.catalog.close()
        let other = try Catalog(path: bench.path, provider: "catapult", account: "u-0")
        other.close()
        let right = try Catalog(path: bench.path, provider: "catapult", account: "u-1")
        var walk = Walk()
        _ = try right.record([Bench.complete("a")], in: &walk)
        right.close()
        for (provider, account) in [("catapult", "u-2"), ("other", "u-1")] {
            let error = #expect(throws: CatalogError.self) {
                try Catalog(path: bench.path, provider: provider, account: account)
            }
            #expect(error?.kind == .foreign)
            #expect(error?.stopping(archive: "x").kind == .usage)
        }
        let again = try Catalog(path: bench.path, provider: "catapult", account: "u-1")
        #expect(try again.owner() == ("catapult", "u-1"))
    }

    @Test func `the catalog of a newer program is refused`() throws {
        let scratch = try ScratchFolder()
        let bench = try Bench()
        bench.catalog.close()
        // The version stands at offset 60 of the file, big endian.
        var bytes = try SyncBench.read(bench.path)
        bytes[63] = 99
        let path = try scratch.file("newer.sqlite", bytes)
        let error = #expect(throws: CatalogError.self) {
            try Catalog(path: path, provider: "catapult", account: "u-1")
        }
        #expect(error?.kind == .newer)
        let looking = #expect(throws: CatalogError.self) { try Catalog(readingFrom: path) }
        #expect(looking?.kind == .newer)
    }

    @Test func `a file that is no catalog is damaged, not overwritten`() throws {
        let scratch = try ScratchFolder()
        let text = Array(String(repeating: "not a database ", count: 400).utf8)
        let path = try scratch.file("catalog.sqlite", text)
        let error = #expect(throws: CatalogError.self) {
            try Catalog(path: path, provider: "catapult", account: "u-1")
        }
        #expect(error?.kind == .damaged)
        #expect(try SyncBench.read(path) == text)
    }

    @Test func `one that a first run is just making is none yet`() throws {
        let scratch = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/.callarchive", withIntermediateDirectories: false)
        let path = try scratch.file(".callarchive/catalog.sqlite", [])
        try Database(path: path).execute("PRAGMA journal_mode = WAL")
        #expect(try !SyncBench.read(path).isEmpty)
        let error = #expect(throws: ArchiveError.self) {
            try Catalog.visit(archive: scratch.path)
        }
        #expect(error?.kind == .usage && error?.why == "the folder holds no catalog")
    }

    @Test(arguments: [1, 15, 16, 17, 32, 33, 100], [1, 3, 16, 40])
    func `a page of any length is entered whole, also with ids that come twice`(
        _ count: Int, _ distance: Int
    ) throws {
        let bench = try Bench()
        var page: [Recording] = []
        for index in 0..<count {
            page.append(Bench.complete("r-\(index)", start: 1_600_000_000 + Int64(index)))
            if index >= distance, index % 2 == 0 {
                page.append(Bench.row("r-\(index - distance)", .saving))
            }
        }
        var walk = Walk()
        let change = try bench.catalog.record(page, in: &walk)
        #expect(change.fresh == count)
        #expect(change.due == count)
        #expect(walk.repeats == page.count - count)
        #expect(try bench.catalog.finishWalk(walk, pages: 1, at: Bench.time) == 0)
        #expect(try bench.claims() == (0..<count).map { "r-\($0)" })
        for index in 0..<count {
            let entry = try bench.entry("r-\(index)")
            #expect(entry.status == .pending)
            #expect(entry.media == "https://api.example/media/r-\(index).wav")
            #expect(entry.listed)
        }
    }

    @Test func `who holds a path is found in any case, among few and among many`() throws {
        let bench = try Bench()
        let ids = (0..<200).map { "R-\(1000 + $0)" }
        var walk = Walk()
        _ = try bench.catalog.record(ids.map { Bench.complete($0) }, in: &walk)
        try bench.catalog.commit(try ids.map(bench.file), at: Bench.time)
        func path(_ id: String) -> String { "recordings/\(id).wav" }
        // One of its neighbours, a range with few others in it, and one with too many.
        for asked in [[5], [5, 9], Array(0..<200), [0, 199], [199, 0, 100]] {
            // Asked for in the other case now and then.
            let files =
                asked.map { $0 % 2 == 0 ? path(ids[$0]) : path(ids[$0].lowercased()) }
                + ["recordings/r-1005x.wav"]
            let holders = try bench.catalog.holders(ofFiles: files)
            for index in asked {
                #expect(holders[path(ids[index]).lowercased()] == ids[index])
            }
            #expect(holders["recordings/r-1005x.wav"] == nil)
        }
        #expect(try bench.catalog.holders(ofFiles: []) == [:])
        #expect(try bench.catalog.holders(ofFiles: ["recordings/z.wav"]) == [:])
    }
}
