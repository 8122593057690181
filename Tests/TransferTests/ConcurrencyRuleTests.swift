import Testing
import Transfer

/// The rule against servers in virtual time.
struct ConcurrencyRuleTests {
    private static let second: Int64 = 1_000_000_000

    /// A server of so many workers that each take `service` seconds; files of 100 kB.
    private struct Server {
        var workers: Int
        var service = 0.05
        var mostAtOnce = Int.max
    }

    /// Runs `seconds` against the server; returns files done and the limit at each second.
    private func run(
        _ rule: inout ConcurrencyRule, _ server: (Int64) -> Server, seconds: Int64
    ) -> (done: Int, limits: [Int]) {
        var now: Int64 = 0
        var free: [Int64] = []
        var underWay: [(end: Int64, wait: Int64, isRefused: Bool)] = []
        var bytes: Int64 = 0
        var done = 0
        var limits: [Int] = []
        while now < seconds * Self.second {
            let server = server(now)
            while underWay.count < rule.limit {
                if underWay.count >= server.mostAtOnce {
                    underWay.append((now + Self.second / 100, Self.second / 100, true))
                    continue
                }
                free = free.filter { $0 > now }.sorted()
                let start = free.count < server.workers ? now : free[free.count - server.workers]
                let end = start + Int64(server.service * 1e9)
                free.append(end)
                underWay.append((end, end - now, false))
            }
            guard let next = underWay.indices.min(by: { underWay[$0].end < underWay[$1].end })
            else { break }
            let ended = underWay.remove(at: next)
            while Int64(limits.count) < ended.end / Self.second { limits.append(rule.limit) }
            now = max(now, ended.end)
            if !ended.isRefused {
                bytes += 100_000
                done += 1
            }
            rule.ended(
                isCongested: ended.isRefused, headWait: ended.wait, bytesDone: bytes, rate: nil,
                now: now)
        }
        return (done, limits)
    }

    @Test(arguments: [1, 2, 16, 64])
    func `a steady server is used as with a fixed number`(workers: Int) {
        var rule = ConcurrencyRule(most: 16)
        let (done, limits) = run(&rule, { _ in Server(workers: workers) }, seconds: 60)
        let best = 60 * Double(min(workers, 16)) / 0.05
        #expect(Double(done) >= 0.95 * best)
        #expect(limits.allSatisfy { $0 == 16 })
    }

    @Test func `refusals halve it, once a second`() {
        var rule = ConcurrencyRule(most: 16)
        for at in [0, 1, 2, 3] as [Int64] {
            rule.ended(isCongested: true, headWait: 1, bytesDone: 0, rate: nil, now: at)
        }
        #expect(rule.limit == 8)
        rule.ended(isCongested: true, headWait: 1, bytesDone: 0, rate: nil, now: Self.second + 1)
        #expect(rule.limit == 4)
    }

    @Test func `it is never less than one, nor more than given`() {
        var rule = ConcurrencyRule(most: 3)
        for at in 0..<20 {
            rule.ended(
                isCongested: true, headWait: nil, bytesDone: 0, rate: nil,
                now: Int64(at) * 2 * Self.second)
        }
        #expect(rule.limit == 1)
        let (_, limits) = run(&rule, { _ in Server(workers: 64) }, seconds: 60)
        #expect(limits.max() == 3 && limits.last == 3)
    }

    @Test func `a server that takes ten at once is used to nine of ten and more`() {
        var rule = ConcurrencyRule(most: 32)
        let (done, limits) = run(
            &rule, { _ in Server(workers: 64, mostAtOnce: 10) }, seconds: 120)
        #expect(Double(done) >= 0.6 * 120 * 10 / 0.05, "\(done) \(limits)")
        #expect(limits.dropFirst(10).allSatisfy { $0 <= 16 })
    }

    @Test func `after an overload all is won back within half a minute`() {
        var rule = ConcurrencyRule(most: 16)
        let (_, limits) = run(
            &rule,
            { $0 < 10 * Self.second ? Server(workers: 64, mostAtOnce: 2) : Server(workers: 64) },
            seconds: 60)
        #expect(limits[8] <= 4, "\(limits)")
        #expect(limits.last == 16, "\(limits)")
    }

    @Test func `a learned rate keeps what it needs`() {
        var rule = ConcurrencyRule(most: 64)
        // 200 requests a second of 0.1 s: twenty are under way.
        for at in 0..<100 as Range<Int64> {
            rule.ended(
                isCongested: at % 10 == 9, headWait: Self.second / 10, bytesDone: 0, rate: 200,
                now: at * Self.second / 2)
        }
        #expect(rule.limit >= 30)
    }

    @Test func `longer waits without more coming through make it step back`() {
        var rule = ConcurrencyRule(most: 32)
        // From the tenth second on a quarter of the workers are left.
        let (_, limits) = run(
            &rule,
            {
                $0 < 10 * Self.second
                    ? Server(workers: 32) : Server(workers: 2)
            }, seconds: 120)
        #expect(limits[5] == 32)
        #expect((limits.last ?? 32) < 32, "\(limits)")
    }
}
