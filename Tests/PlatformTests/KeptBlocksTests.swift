import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Platform

struct KeptBlocksTests {
    @Test func `a block that was kept is the next one taken`() throws {
        let blocks = KeptBlocks(of: 3000)
        let first = try #require(unsafe blocks.take())
        let second = try #require(unsafe blocks.take())
        #expect(unsafe first != second)
        #expect(unsafe KeptBlocks.room(of: first) >= 3000)
        #expect(unsafe blocks.keep(first, KeptBlocks.room(of: first)))
        #expect(unsafe blocks.keep(second, KeptBlocks.room(of: second)))
        #expect(unsafe blocks.take() == second)
        #expect(unsafe blocks.take() == first)
        unsafe free(first)
        unsafe free(second)
    }

    @Test(arguments: [1000, 2900, 2999, 3064, 6000])
    func `a block of another size is not taken in`(_ size: Int) throws {
        let blocks = KeptBlocks(of: 3000)
        let other = try #require(unsafe malloc(100))
        defer { unsafe free(other) }
        #expect(unsafe !blocks.keep(other, size))
        #expect(unsafe !blocks.keep(other, KeptBlocks.room(of: other)))
    }

    @Test func `only so many are kept`() throws {
        let blocks = KeptBlocks(of: 2000)
        var all: [UInt] = []
        for _ in 0..<70 {
            let block = try #require(unsafe blocks.take())
            all.append(UInt(bitPattern: block))
        }
        var kept = 0
        for address in all {
            let block = try #require(unsafe UnsafeMutableRawPointer(bitPattern: address))
            if unsafe blocks.keep(block, KeptBlocks.room(of: block)) {
                kept += 1
            } else {
                unsafe free(block)
            }
        }
        #expect(kept == 64)
        for _ in 0..<kept { unsafe free(blocks.take()) }
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
                if unsafe !blocks.keep(block, KeptBlocks.room(of: block)) { unsafe free(block) }
            }
        }
        #expect(mixed.withLock { $0 } == 0)
    }
}
