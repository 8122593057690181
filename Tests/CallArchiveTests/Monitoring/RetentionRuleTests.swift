import CallArchive
import Platform
import Testing

struct RetentionRuleTests {
    private let now = Timestamp(milliseconds: 1_767_323_045_678)
    private let day: Int64 = 86_400_000

    private func start(daysAgo: Double) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - Int64(daysAgo * Double(day)))
    }

    @Test func `a recording is at risk from 23 days on, to the millisecond`() {
        let latest = RetentionRule().latestStartAtRisk(at: now)
        #expect(latest == start(daysAgo: 23))
        #expect(start(daysAgo: 23) <= latest)
        #expect(Timestamp(milliseconds: latest.milliseconds + 1) > latest)
    }

    @Test(arguments: [
        (0.0, 30.0), (22.95, 7), (23.0, 7), (29.95, 0), (30.0, 0), (30.01, -0.1), (33, -3),
    ])
    func `days left are rounded down`(ago: Double, left: Double) {
        #expect(RetentionRule().daysLeft(ofStart: start(daysAgo: ago), at: now) == left)
    }

    @Test(arguments: [(7, 22.9, true), (7, 23.0, false), (30, 1.9, true), (30, 2.1, false)])
    func `an old listing doesn't tell of all that is at risk`(
        warnedBefore: Int, ago: Double, covers: Bool
    ) {
        let rule = RetentionRule(days: 30, warnedBefore: warnedBefore)
        #expect(rule.covers(listing: start(daysAgo: ago), at: now) == covers)
    }

    @Test func `other numbers of days`() {
        let all = RetentionRule(days: 30, warnedBefore: 30)
        #expect(all.latestStartAtRisk(at: now) == now)
        let none = RetentionRule(days: 90, warnedBefore: 0)
        #expect(none.latestStartAtRisk(at: now) == start(daysAgo: 90))
        #expect(none.expiry(ofStart: start(daysAgo: 90)) == now)
    }
}
