import Testing

@testable import CallArchive

/// Which download is next, with times of our own.
struct DownloadOrderTests {
    @Test func `claims are handed out in their order, retries when they are due`() {
        var order = DownloadOrder(producers: 1, budget: nil)
        order.offer([1, 2, 3], isEnd: false)
        #expect(order.peek(now: 0) == .some(1))
        order.start(1)
        order.again(1, at: 100)
        #expect(order.peek(now: 50) == .some(2))
        #expect(order.peek(now: 100) == .some(1))
        order.start(1)
        order.finish(1)
        #expect(order.peek(now: 100) == .some(2))
        order.start(2)
        order.start(3)
        #expect(order.peek(now: 100) == .none(until: nil))
        order.again(3, at: 500)
        #expect(order.peek(now: 100) == .none(until: 500))
        #expect(order.nextDue == 500)
    }

    @Test func `it is finished only when nothing waits, runs or will come`() {
        var order = DownloadOrder(producers: 2, budget: nil)
        order.offer([], isEnd: false)
        #expect(order.peek(now: 0) == .none(until: nil))
        order.producerEnded()
        #expect(!order.hasNoProducers)
        order.producerEnded()
        #expect(order.hasNoProducers)
        order.offer([7], isEnd: true)
        #expect(order.peek(now: 0) == .some(7))
        order.start(7)
        #expect(order.peek(now: 0) == .none(until: nil))
        order.again(7, at: 9)
        #expect(order.peek(now: 0) == .none(until: 9))
        order.start(7)
        order.finish(7)
        #expect(order.peek(now: 9) == .finished)
        order.revive()
        #expect(order.peek(now: 9) == .none(until: nil))
    }

    @Test(arguments: [DownloadOrder.Closure.budget, .stopped])
    func `once closed nothing starts, and what runs is waited for`(
        _ closure: DownloadOrder.Closure
    ) {
        var order = DownloadOrder(producers: 1, budget: nil)
        order.offer([1, 2, 3], isEnd: false)
        order.start(1)
        order.start(2)
        order.again(2, at: 5)
        order.close(closure)
        #expect(order.peek(now: 10) == .none(until: nil))
        order.finish(1)
        #expect(order.peek(now: 10) == .finished)
    }

    @Test func `an error is remembered above a budget`() {
        var order = DownloadOrder(producers: 1, budget: nil)
        order.close(.budget)
        order.close(.stopped)
        #expect(order.closure == .stopped)
        order.close(.budget)
        #expect(order.closure == .stopped)
    }

    @Test func `a budget ends the claims, not the downloads`() {
        var order = DownloadOrder(producers: 1, budget: 3)
        #expect(order.claimLimit == 3)
        order.offer([1, 2], isEnd: false)
        #expect(order.claimLimit == 1)
        order.offer([3], isEnd: false)
        #expect(order.isExhausted)
        order.revive()
        #expect(order.isExhausted)
        for row in Int64(1)...3 {
            #expect(order.peek(now: 0) == .some(row))
            order.start(row)
            order.finish(row)
        }
        #expect(order.peek(now: 0) == .finished)
    }

    @Test func `any number of claims keep their order`() {
        var order = DownloadOrder(producers: 0, budget: nil)
        var next: Int64 = 0
        for slice in 0..<40 {
            order.offer((0..<100).map { Int64(slice * 100 + $0) }, isEnd: slice == 39)
            for _ in 0..<(slice == 39 ? 4000 - Int(next) : 70) {
                #expect(order.peek(now: 0) == .some(next))
                order.start(next)
                order.finish(next)
                next += 1
            }
        }
        #expect(next == 4000)
        #expect(order.isDrained)
    }

    @Test func `the heap gives the earliest first`() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<200 {
            var heap = DueHeap()
            var model: [Int64] = []
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                if Int.random(in: 0..<3, using: &random) > 0 {
                    let due = Int64.random(in: 0..<40, using: &random)
                    heap.insert(.init(due: due, row: due))
                    model.append(due)
                    model.sort()
                } else {
                    heap.removeFirst()
                    if !model.isEmpty { model.removeFirst() }
                }
                #expect(heap.first?.due == model.first)
                #expect(heap.isEmpty == model.isEmpty)
            }
        }
    }
}
