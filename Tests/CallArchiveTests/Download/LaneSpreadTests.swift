import Testing

@testable import CallArchive

/// Which lane takes which recording.
struct LaneSpreadTests {
    @Test func `small ones go to whoever of the shared lanes asks`() {
        var spread = LaneSpread(shared: 2, all: 4, concurrency: 4)
        for lane in 0..<4 {
            #expect(
                spread.verdict(lane: lane, active: 0, isLarge: false)
                    == (lane < 2 ? .take : .leave(to: 0)))
        }
        #expect(spread.verdict(lane: 1, active: 1, isLarge: false) == .take)
    }

    @Test func `a lane for large ones tells the shared lane with the most room of a small one`() {
        var spread = LaneSpread(shared: 2, all: 3, concurrency: 4)
        spread.started(lane: 0)
        #expect(spread.verdict(lane: 2, active: 0, isLarge: false) == .leave(to: 1))
        spread.started(lane: 1)
        spread.started(lane: 1)
        #expect(spread.verdict(lane: 2, active: 0, isLarge: false) == .leave(to: 0))
        spread.started(lane: 0)
        #expect(spread.verdict(lane: 2, active: 0, isLarge: false) == .leave(to: nil))
    }

    @Test func `a large one goes to a lane without work while there is one`() {
        var spread = LaneSpread(shared: 2, all: 4, concurrency: 4)
        for lane in 0..<4 {
            #expect(spread.verdict(lane: lane, active: 0, isLarge: true) == .take)
            spread.started(lane: lane)
            if lane < 3 {
                #expect(
                    spread.verdict(lane: lane, active: 1, isLarge: true) == .leave(to: lane + 1))
            }
        }
        // None is free: the shared ones take more, up to their room.
        #expect(spread.verdict(lane: 0, active: 1, isLarge: true) == .take)
        #expect(spread.room(of: 0) == 2 && spread.room(of: 3) == 1)
        // One that has ended its own is free once it asks.
        #expect(spread.verdict(lane: 2, active: 0, isLarge: false) == .leave(to: 0))
        #expect(spread.verdict(lane: 1, active: 1, isLarge: true) == .leave(to: 2))
    }

    @Test func `a lane whose transfer is over is free before it asks`() {
        var spread = LaneSpread(shared: 1, all: 2, concurrency: 2)
        for lane in 0..<2 {
            #expect(spread.verdict(lane: lane, active: 0, isLarge: true) == .take)
            spread.started(lane: lane)
        }
        #expect(spread.verdict(lane: 0, active: 1, isLarge: true) == .take)
        spread.ended(lane: 1)
        #expect(spread.verdict(lane: 0, active: 1, isLarge: true) == .leave(to: 1))
        spread.ended(lane: 1)
        spread.started(lane: 1)
        #expect(spread.verdict(lane: 0, active: 1, isLarge: true) == .take)
    }

    @Test func `without lanes of their own large ones are spread over the shared ones`() {
        var spread = LaneSpread(shared: 3, all: 3, concurrency: 5)
        #expect(spread.room(of: 0) == 2)
        #expect(spread.verdict(lane: 1, active: 0, isLarge: true) == .take)
        spread.started(lane: 1)
        #expect(spread.verdict(lane: 1, active: 1, isLarge: true) == .leave(to: 0))
    }

    @Test(arguments: [(1, 1, 1), (4, 16, 16), (4, 16, 256), (3, 3, 7)])
    func `all lanes together hold as many as may run at once`(
        shared: Int, all: Int, concurrency: Int
    ) {
        let spread = LaneSpread(shared: shared, all: all, concurrency: concurrency)
        let room = (0..<shared).map { spread.room(of: $0) }.reduce(0, +)
        #expect(room >= concurrency && room < concurrency + shared)
    }
}
