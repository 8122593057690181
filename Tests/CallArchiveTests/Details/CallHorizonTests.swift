import CallArchive
import Platform
import Testing

struct CallHorizonTests {
    private static let day: Int64 = 86_400_000

    /// Moments so many days after the beginning.
    private func days(_ numbers: [Double]) -> [Timestamp?] {
        numbers.map { Timestamp(milliseconds: Int64($0 * Double(Self.day))) }
    }

    /// What is said behind each page, when the oldest wanted recording began on day 10.
    private func isBeyond(_ pages: [Timestamp?]..., oldest: Timestamp? = wanted) -> [Bool] {
        var horizon = CallHorizon(oldestWanted: oldest)
        return pages.map { horizon.isBeyond($0) }
    }

    private static let wanted = Timestamp(milliseconds: 10 * day)

    @Test func `behind a page that is older by a day nothing wanted can come`() {
        let said = isBeyond(days([30, 20, 10]), days([9.5, 9]), days([8.9, 8]))
        #expect(said == [false, false, true])
    }

    @Test func `the first page alone says nothing of the order`() {
        #expect(isBeyond(days([3, 2]), days([2, 1])) == [false, true])
    }

    @Test func `the oldest first has no such end`() {
        #expect(isBeyond(days([1, 2]), days([3, 4]), days([2, 1])) == [false, false, false])
    }

    @Test func `a call without a time keeps the walk going, and so does a wanted one`() {
        let said = isBeyond(days([3, 2]), days([2]) + [nil], [], days([1]))
        #expect(said == [false, false, false, true])
        #expect(isBeyond(days([3, 2]), days([2, 1]), oldest: nil) == [false, false])
    }
}
