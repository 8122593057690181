import Dispatch
import FoundationEssentials
import Platform
import Synchronization
import Testing

@testable import CallArchive

/// What is counted and found by indexes that each have some of the rows, against all rows.
struct CatalogCountTests {
    typealias Bench = CatalogBench

    /// The summary as a look at each row gives it.
    private func counted(_ catalog: Catalog) throws -> ArchiveSummary {
        var summary = ArchiveSummary()
        try catalog.forEachEntry { entry in
            summary.listed += 1
            switch entry.status {
            case .archived:
                summary.archived += 1
                summary.bytes += entry.bytes ?? 0
            case .pending: summary.pending += 1
            case .waiting: summary.waiting += 1
            case .unavailable: summary.unavailable += 1
            case .gone: summary.gone += 1
            case .failed: summary.failed += 1
            }
            return true
        }
        return summary
    }

    private func ids(
        _ catalog: Catalog, _ isWanted: (ArchiveEntry) -> Bool
    ) throws -> Set<String> {
        var ids: Set<String> = []
        try catalog.forEachEntry { entry in
            if isWanted(entry) { ids.insert(entry.id) }
            return true
        }
        return ids
    }

    /// Walks, commits, failures and what else moves a row, in an order of chance.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `counts are those of the rows, whatever happened to them`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bench = try Bench()
        let catalog = bench.catalog
        let all = (0..<40).map { "r-\($0)" }
        for _ in 0..<30 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                // A walk that shows some of them, in one state or another.
                var walk = Walk()
                var page: [Recording] = []
                for id in all where Int.random(in: 0..<4, using: &random) > 0 {
                    page.append(Self.row(id, &random))
                }
                _ = try catalog.record(page, in: &walk)
                let shown = Set(page.map(\.id))
                let before = try ids(catalog) { $0.listed && !shown.contains($0.id) }
                let vanished = try catalog.finishWalk(walk, pages: 1, at: Bench.time)
                #expect(vanished == before.count)
                #expect(try ids(catalog) { $0.listed } == shown)
            case 2:
                let due = try catalog.claim(limit: 5, in: StartWindow())
                let files = try due.map { try bench.file($0.id) }
                try catalog.commit(files, at: Bench.time)
            case 3:
                for claim in try catalog.claim(limit: 4, in: StartWindow()) {
                    let status: ArchiveStatus = Bool.random(using: &random) ? .failed : .gone
                    try bench.setback(
                        claim.id, status, "code-\(Int.random(in: 0..<3, using: &random))")
                }
            case 4:
                let archived = try ids(catalog) { $0.status == .archived }
                if let id = archived.randomElement(using: &random) {
                    try catalog.requeue([try bench.row(id)])
                }
            case 5:
                let candidates = try ids(catalog) {
                    !$0.listed && ($0.status == .waiting || $0.status == .unavailable)
                }
                let gone = try catalog.expireVanished().count
                #expect(gone >= candidates.count)
                #expect(
                    try ids(catalog) {
                        !$0.listed && ($0.status == .waiting || $0.status == .unavailable)
                    }.isEmpty)
            case 6:
                try restore(bench, all, &random)
            default:
                let gone = try ids(catalog) { $0.status == .gone && $0.media != nil }
                #expect(try catalog.retryGone() == gone.count)
            }
            try compare(catalog)
        }
    }

    /// Entries as a rebuild finds them, also such as no program writes.
    private func restore(
        _ bench: Bench, _ all: [String], _ random: inout SeededRandom
    ) throws {
        let known = try ids(bench.catalog) { _ in true }
        guard let id = all.first(where: { !known.contains($0) }) else { return }
        let status = ArchiveStatus.allCases.randomElement(using: &random) ?? .failed
        var entry = ArchiveEntry(id: id, status: status, listed: Bool.random(using: &random))
        entry.file = "recordings/\(id).wav"
        entry.bytes = 7
        entry.sequence =
            [nil, 1, Int64.random(in: 1000..<9000, using: &random)]
            .randomElement(using: &random) ?? nil
        _ = try bench.catalog.restore([entry])
        _ = try bench.catalog.completeSequence(spare: 0)
        let numbers = try bench.catalog.numbers()
        #expect(Set(numbers).count == numbers.count)
    }

    private static func row(_ id: String, _ random: inout SeededRandom) -> Recording {
        let start = 1_600_000_000 + Int64(id.utf8.last ?? 0)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Bench.row(id, .saving)
        case 1: return Bench.row(id, .error)
        case 2: return Bench.complete(id, start: nil)
        default: return Bench.complete(id, start: start)
        }
    }

    private func compare(_ catalog: Catalog) throws {
        #expect(try catalog.summary() == counted(catalog))
        let due = try ids(catalog) { $0.status == .pending || $0.status == .failed }
        #expect(try catalog.countDue(in: StartWindow()) == due.count)
        let latest = Timestamp(milliseconds: 1_600_000_100_000)
        let rule = RetentionRule()
        let old = try ids(catalog) { entry in
            guard let start = entry.startTime.flatMap(Timestamp.init(iso8601:)) else {
                return false
            }
            return [.pending, .waiting, .failed].contains(entry.status) && start <= latest
        }
        #expect(try catalog.countNotArchived(startedBy: latest) == old.count)
        let told = try catalog.notArchived(
            startedBy: latest, limit: 1000, rule: rule, at: Bench.time)
        #expect(Set(told.map(\.id)) == old && told.count == old.count)
        #expect(told.map(\.start) == told.map(\.start).sorted())
        let dueOnly = try catalog.notArchived(
            startedBy: latest, limit: 1000, rule: rule, at: Bench.time, dueOnly: true)
        #expect(dueOnly.map(\.id) == told.filter { $0.status != .waiting }.map(\.id))
        let first = try catalog.notArchived(
            startedBy: latest, limit: 3, rule: rule, at: Bench.time)
        #expect(first.map(\.start) == told.prefix(3).map(\.start))
        let explained = try ids(catalog) {
            [.failed, .gone, .unavailable].contains($0.status) && $0.error != nil
        }
        #expect(try catalog.reasons(limit: 100).reduce(0) { $0 + $1.count } == explained.count)
    }

    @Test func `a catalog with an index of statuses loses it, and counts what it counted`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.file("third.sqlite", [])
        do {
            let database = try Database(path: path)
            for step in CatalogSchema.migrations.prefix(3) { try database.execute(step) }
            try database.execute("PRAGMA user_version = 3")
            try database.execute(
                """
                INSERT INTO meta (name, value) VALUES ('account', 'u-1'), ('provider', 'catapult');
                WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 599)
                INSERT INTO recordings
                    (id, source, start_time, start_key, status, listed, file, bytes, sequence)
                SELECT 'r-' || i, x'', strftime('%Y-%m-%dT%H:%M:%SZ', 1600000000 + i, 'unixepoch'),
                    (1600000000 + i) * 1000, i % 6, i % 5 > 0,
                    CASE WHEN i % 6 = 0 THEN 'recordings/' || i || '.wav' END,
                    CASE WHEN i % 6 = 0 THEN i END, CASE WHEN i % 6 = 0 THEN i + 1 END FROM n
                """)
        }
        let looking = try Catalog(readingFrom: path)
        let seen = try looking.summary()
        looking.close()
        #expect(try indexes(path).contains("recordings_by_status"))
        let catalog = try Catalog(path: path, provider: "catapult", account: "u-1")
        #expect(
            try indexes(path) == [
                "recordings_by_file", "recordings_by_sequence", "recordings_by_time",
                "recordings_due", "recordings_others", "transcriptions_by_file",
            ])
        #expect(try catalog.summary() == counted(catalog))
        #expect(try catalog.summary() == seen)
        #expect(seen.archived == 100 && seen.bytes == 29_700 && seen.listed == 600)
        try compare(catalog)
        let walk = Walk()
        #expect(try catalog.finishWalk(walk, pages: 0, at: Bench.time) == 480)
        #expect(try catalog.expireVanished().count == 200)
        try compare(catalog)
    }

    private func indexes(_ path: String) throws -> [String] {
        let database = try Database(path: path, isReadOnly: true)
        let statement = try database.statement(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL ORDER BY name")
        var names: [String] = []
        while try statement.step() { names.append(statement.text(0) ?? "") }
        return names
    }

    private func version(_ path: String) throws -> Int {
        try CatalogSchema.userVersion(Database(path: path, isReadOnly: true))
    }

    /// What SQLite notes for one statement goes to a file when it is much.
    @Test func `statements that change many rows go on`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.file("many.sqlite", [])
        do {
            let database = try Database(path: path)
            for step in CatalogSchema.migrations.prefix(3) { try database.execute(step) }
            try database.execute("PRAGMA user_version = 3")
            try database.execute(
                """
                INSERT INTO meta (name, value) VALUES ('account', 'u-1'), ('provider', 'catapult');
                WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 39999)
                INSERT INTO recordings (id, source, start_key, status, media)
                SELECT 'r-' || (i * 7919 % 40000), x'', i, 4, 'https://h/m/' || i FROM n
                """)
        }
        let catalog = try Catalog(path: path, provider: "catapult", account: "u-1")
        #expect(try catalog.summary().gone == 40_000)
        #expect(try catalog.retryGone() == 40_000)
        #expect(try catalog.summary().pending == 40_000)
        #expect(try catalog.finishWalk(Walk(), pages: 0, at: Bench.time) == 40_000)
    }

    @Test func `two that bring a catalog up to date at once both can go on`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.file("second.sqlite", [])
        let first = try Database(path: path)
        for step in CatalogSchema.migrations.prefix(2) { try first.execute(step) }
        try first.execute("PRAGMA user_version = 2")
        let failures = Locked<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            do {
                try CatalogSchema.migrate(try Database(path: path))
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try version(path) == CatalogSchema.migrations.count)
    }

    @Test func `a look at an older program's archive leaves its catalog as it was`() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/.callarchive"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        let path = try scratch.file(".callarchive/catalog.sqlite", [])
        do {
            let database = try Database(path: path)
            for step in CatalogSchema.migrations.prefix(3) { try database.execute(step) }
            try database.execute("PRAGMA user_version = 3")
            try database.execute(
                "INSERT INTO meta (name, value) VALUES ('account', 'u-1'), ('provider', 'catapult')"
            )
        }
        let looking = try Catalog.visit(archive: scratch.path)
        #expect(!looking.canWrite)
        #expect(try looking.catalog.summary() == ArchiveSummary())
        #expect(try version(path) == 3)
        let writing = try Catalog.visit(archive: scratch.path, writing: true)
        #expect(writing.canWrite)
        #expect(try version(path) == CatalogSchema.migrations.count)
    }

    @Test func `a number is not given twice, whatever the counter says`() throws {
        let bench = try Bench()
        try bench.list(Bench.complete("a"), Bench.complete("b"))
        try bench.commit("a")
        try Database(path: bench.path).execute(
            "UPDATE meta SET value = 0 WHERE name = 'sequence'")
        try bench.commit("b")
        #expect(try bench.entry("a").sequence == 1)
        #expect(try bench.entry("b").sequence == 2)
    }
}

extension Catalog {
    fileprivate func numbers() throws -> [Int64] {
        var numbers: [Int64] = []
        try forEachEntry { entry in
            if let number = entry.sequence { numbers.append(number) }
            return true
        }
        return numbers
    }
}
