import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Platform

struct KeptBlocksTests {
    @Test func `a block that was given back is the next one taken`() throws {
        let blocks = KeptBlocks(of: 3000)
        let first = try #require(unsafe blocks.take())
        let second = try #require(unsafe blocks.take())
        #expect(unsafe abs(second - first) >= 3000)
        unsafe blocks.giveBack(first)
        unsafe blocks.giveBack(second)
        #expect(unsafe blocks.take() == second)
        #expect(unsafe blocks.take() == first)
    }

    @Test func `it knows its own`() throws {
        let blocks = KeptBlocks(of: 3000)
        let others = KeptBlocks(of: 3000)
        let own = try #require(unsafe blocks.take())
        let other = try #require(unsafe others.take())
        let heap = try #require(unsafe malloc(3000))
        defer { unsafe free(heap) }
        #expect(unsafe blocks.owns(own) && others.owns(other))
        #expect(unsafe !blocks.owns(other) && !others.owns(own))
        #expect(unsafe !blocks.owns(heap) && !others.owns(heap))
        #expect(blocks.addresses.contains(UInt(bitPattern: own)))
        #expect(blocks.addresses.upperBound >= UInt(bitPattern: own) + 3000)
        #expect(!blocks.addresses.overlaps(others.addresses))
    }

    @Test func `there are only so many, all of their size and none in another`() throws {
        let blocks = KeptBlocks(of: 70)
        var all: [UInt] = []
        while let block = unsafe blocks.take() {
            unsafe memset(block, Int32(all.count), 70)
            all.append(UInt(bitPattern: block))
        }
        #expect(all.count == 64)
        for (place, address) in all.enumerated() {
            let block = try #require(unsafe UnsafeMutableRawPointer(bitPattern: address))
            let bytes = unsafe UnsafeRawBufferPointer(start: block, count: 70)
            #expect(unsafe bytes.allSatisfy { $0 == UInt8(place) })
            unsafe blocks.giveBack(block)
        }
        #expect(unsafe blocks.take() != nil)
    }

    /// Two that hold the same block would see each other's bytes.
    @Test func `no block is two threads' at once`() {
        let blocks = KeptBlocks(of: 4000)
        let mixed = Locked(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for round in 0..<3000 {
                guard let block = unsafe blocks.take() else { continue }
                let mark = UInt8(truncatingIfNeeded: thread * 64 + round % 64)
                unsafe memset(block, Int32(mark), 4000)
                sched_yield()
                let bytes = unsafe UnsafeRawBufferPointer(start: block, count: 4000)
                if unsafe !bytes.allSatisfy({ $0 == mark }) { mixed.withLock { $0 += 1 } }
                unsafe blocks.giveBack(block)
            }
        }
        #expect(mixed.withLock { $0 } == 0)
    }
}
