import Platform
import Testing

@testable import CallArchive

/// What is counted and found by indexes that each have some of the rows, against all rows.
struct CatalogCountTests {
    typealias Bench = CatalogBench

    /// The summary as a look at each row gives it.
    static func counted(_ catalog: Catalog) throws -> ArchiveSummary {
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

    private static func ids(
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
                let before = try Self.ids(catalog) { $0.listed && !shown.contains($0.id) }
                let vanished = try catalog.finishWalk(walk, pages: 1, at: Bench.time)
                #expect(vanished == before.count)
                #expect(try Self.ids(catalog) { $0.listed } == shown)
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
                let archived = try Self.ids(catalog) { $0.status == .archived }
                if let id = archived.randomElement(using: &random) {
                    try catalog.requeue([try bench.row(id)])
                }
            case 5:
                let candidates = try Self.ids(catalog) {
                    !$0.listed && ($0.status == .waiting || $0.status == .unavailable)
                }
                let gone = try catalog.expireVanished().count
                #expect(gone >= candidates.count)
                #expect(
                    try Self.ids(catalog) {
                        !$0.listed && ($0.status == .waiting || $0.status == .unavailable)
                    }.isEmpty)
            case 6:
                try restore(bench, all, &random)
            default:
                let gone = try Self.ids(catalog) { $0.status == .gone && $0.media != nil }
                #expect(try catalog.retryGone() == gone.count)
            }
            try Self.compare(catalog)
        }
    }

    /// Entries as a rebuild finds them, also such as no program writes.
    private func restore(
        _ bench: Bench, _ all: [String], _ random: inout SeededRandom
    ) throws {
        let known = try Self.ids(bench.catalog) { _ in true }
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

    static func compare(_ catalog: Catalog) throws {
        #expect(try catalog.summary() == Self.counted(catalog))
        let due = try Self.ids(catalog) { $0.status == .pending || $0.status == .failed }
        #expect(try catalog.countDue(in: StartWindow()) == due.count)
        let latest = Timestamp(milliseconds: 1_600_000_100_000)
        let rule = RetentionRule()
        let old = try Self.ids(catalog) { entry in
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
        let explained = try Self.ids(catalog) {
            [.failed, .gone, .unavailable].contains($0.status) && $0.error != nil
        }
        #expect(try catalog.reasons(limit: 100).reduce(0) { $0 + $1.count } == explained.count)
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
