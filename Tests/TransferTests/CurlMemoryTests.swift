import Glibc
import Testing

@testable import Transfer

struct CurlMemoryTests {
    @Test(arguments: [
        (1, 100), (3, 400), (1, 1032), (1, 1033), (1, 1496), (1, 2048), (1, 2049), (1, 65_536),
        (1, 65_537), (1, 65_538), (4, 100_000),
    ])
    func `zeros are zeros, also in a block that held something`(_ count: Int, _ size: Int) throws {
        for _ in 0..<3 {
            let block = try #require(unsafe takeZeros(count, size))
            let bytes = unsafe UnsafeMutableRawBufferPointer(start: block, count: count * size)
            #expect(unsafe bytes.allSatisfy { $0 == 0 })
            unsafe memset(block, 0xA5, count * size)
            unsafe giveBlock(block)
        }
    }

    @Test func `more than there can be is nothing`() {
        #expect(unsafe takeZeros(.max, 2) == nil)
        #expect(unsafe takeZeros(.max, .max) == nil)
        giveBlock(nil)
    }

    @Test(arguments: [
        (1200, 70_000), (65_537, 1500), (900, 1500), (65_537, 200_000), (2000, 2048),
    ])
    func `a block keeps its bytes when it grows and shrinks`(_ from: Int, _ to: Int) throws {
        let block = try #require(unsafe takeBlock(from))
        let count = min(from, to)
        unsafe memset(block, 0x5A, count)
        let moved = try #require(unsafe resizeBlock(block, to))
        let bytes = unsafe UnsafeRawBufferPointer(start: moved, count: count)
        #expect(unsafe bytes.allSatisfy { $0 == 0x5A })
        unsafe giveBlock(moved)
    }

    @Test func `more at once than are kept come from the heap`() throws {
        var all: [UnsafeMutableRawPointer] = []
        for _ in 0..<100 {
            let block = try #require(unsafe takeBlock(65_537))
            unsafe memset(block, 1, 65_537)
            unsafe all.append(block)
        }
        #expect(unsafe Set(all).count == 100)
        for block in unsafe all { unsafe giveBlock(block) }
        let text = try #require(unsafe copyText("abc"))
        #expect(unsafe String(cString: text) == "abc")
        unsafe giveBlock(text)
    }
}
