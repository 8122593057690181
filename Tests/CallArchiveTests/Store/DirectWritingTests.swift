import CLinux
import FoundationEssentials
import Glibc
import Platform
import Testing

@testable import CallArchive

/// Large parts, gathered and written past the page cache.
struct DirectWritingTests {
    private static let piece = DirectWriting.piece
    private static let name = "part.part"

    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
    }

    private func archive(
        _ kernel: Kernel = Kernel(), below folder: String? = nil
    ) throws -> ArchiveFolder {
        try ArchiveFolder(path: "\(folder ?? scratch.path)/archive", kernel: kernel)
    }

    private func contents(_ archive: ArchiveFolder) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: archive.partPath(Self.name))))
    }

    private func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private func append(_ bytes: some Collection<UInt8>, to part: PartFile) throws {
        try Array(bytes).withUnsafeBytes { try part.append($0) }
    }

    /// The open flags of the part, as the kernel tells them; nil when it isn't open.
    private func flags(_ archive: ArchiveFolder) throws -> Int32? {
        let path = archive.partPath(Self.name)
        for number in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard
                (try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/self/fd/\(number)")) == path
            else { continue }
            return fcntl(try #require(Int32(number)), F_GETFL)
        }
        return nil
    }

    private static let sizes = [
        0, 1, 4095, 4096, 4097, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 4096 + 17,
        5 * piece - 4095,
    ]

    @Test(arguments: sizes)
    func `whatever its size and the chunks it comes in, the file is what was added`(
        _ size: Int
    ) throws {
        let archive = try archive()
        let all = bytes(size)
        var random = SeededRandom(seed: UInt64(size))
        for longest in [1000, 16 << 10, 700_000] {
            let part = try archive.createPart(Self.name)
            part.gather()
            var start = 0
            while start < size {
                let end = min(size, start + Int.random(in: 1...longest, using: &random))
                try append(all[start..<end], to: part)
                start = end
                #expect(part.size == Int64(start))
            }
            try part.flush()
            #expect(part.isWritten)
            #expect(try contents(archive) == all)
        }
    }

    @Test(arguments: [1, 4096, 100_000, 262_144, 300_001])
    func `a part goes on behind what was there, and may be read, cut and gathered anew`(
        _ before: Int
    ) throws {
        let archive = try archive()
        let all = bytes(1_500_000)
        do {
            let first = try archive.createPart(Self.name)
            try append(all[..<before], to: first)
        }
        let part = try #require(try archive.openPart(Self.name))
        part.gather()
        try append(all[before..<700_000], to: part)
        #expect(try part.read(at: 699_000, count: 2000) == Array(all[699_000..<700_000]))
        part.gather()
        try append(all[700_000..<900_001], to: part)
        try part.truncate(to: 650_000)
        part.gather()
        try append(all[650_000...], to: part)
        let digester = Digester()
        #expect(try part.hash(into: digester, isCancelled: { false }))
        let expected = Digester()
        expected.update(all)
        #expect(digester.finish() == expected.finish())
        #expect(try contents(archive) == all)
    }

    @Test func `pieces end at multiples of their size, and only then all is written`() throws {
        let archive = try archive()
        let part = try archive.createPart(Self.name)
        #expect(part.untilWritten == nil)
        try append(bytes(1000), to: part)
        part.gather()
        #expect(part.untilWritten == Self.piece - 1000)
        try append(bytes(Self.piece - 1001), to: part)
        #expect(part.untilWritten == 1)
        #expect(!part.isWritten)
        #expect(try contents(archive).count == 1000)
        try append([0], to: part)
        #expect(part.isWritten)
        #expect(part.untilWritten == Self.piece)
        #expect(try contents(archive).count == Self.piece)
    }

    @Test func `pieces pass the page cache by, and the rest doesn't`() throws {
        let archive = try archive()
        let direct = Int32(CLINUX_O_DIRECT)
        let probe = open(try scratch.file("probe", []), O_WRONLY | direct)
        defer { close(probe) }
        let part = try archive.createPart(Self.name)
        part.gather()
        try append(bytes(Self.piece), to: part)
        // Where the file system knows no such thing the rest must hold all the same.
        #expect((try #require(try flags(archive)) & direct != 0) == (probe >= 0))
        #expect(archive.directWriting.isOn == (probe >= 0))
        try append(bytes(5000), to: part)
        try part.flush()
        #expect(try #require(try flags(archive)) & direct == 0)
    }

    @Test func `on a file system in memory it is the same`() throws {
        let folder = "/dev/shm/callarchive-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let archive = try archive(below: folder)
        let all = bytes(3 * Self.piece + 4097)
        let part = try archive.createPart(Self.name)
        part.gather()
        try append(all, to: part)
        try part.flush()
        #expect(try contents(archive) == all)
    }

    @Test func `so many buffers at once and no more; those given back serve again`() {
        let writing = DirectWriting()
        var lent: [PageBuffer] = []
        while let buffer = writing.buffer(), lent.count < 1000 { lent.append(buffer) }
        #expect(lent.count == 12)
        let back = lent.removeLast()
        writing.giveBack(back)
        #expect(writing.buffer() === back)
        #expect(writing.buffer() == nil)
    }

    @Test func `a part that goes without its end gives its buffer back`() throws {
        let archive = try archive()
        for _ in 0..<100 {
            let part = try archive.createPart(Self.name)
            part.gather()
            try append([1], to: part)
            #expect(part.untilWritten == Self.piece - 1)
        }
    }

    #if DEBUG
        @Test func `a file system that refuses it in the middle gets the rest through the cache`()
            throws
        {
            let trace = KernelTrace()
            let archive = try archive(Kernel(trace: trace))
            let all = bytes(4 * Self.piece + 100)
            let before = trace.entries.count { $0.call == .write }
            trace.fail(.write, nth: before + 2, errno: EINVAL)
            let part = try archive.createPart(Self.name)
            part.gather()
            try append(all, to: part)
            try part.flush()
            #expect(try contents(archive) == all)
            #expect(!archive.directWriting.isOn)
            let next = try archive.createPart(Self.name)
            next.gather()
            #expect(next.untilWritten == nil)
        }
    #endif
}

struct DirectWritingRuleTests {
    private static let slow: Int64 = 60_000_000
    private static let quick: Int64 = 4_000_000

    @Test func `a refusal ends it`() {
        var rule = DirectWritingRule()
        #expect(rule.isOn)
        rule.refused()
        #expect(!rule.isOn)
    }

    @Test func `a disk that is always slow ends it, and it stays so`() {
        var rule = DirectWritingRule()
        for _ in 0..<48 {
            #expect(rule.isOn)
            rule.wrote(in: Self.slow)
        }
        #expect(!rule.isOn)
        for _ in 0..<1000 { rule.wrote(in: Self.quick) }
        #expect(!rule.isOn)
    }

    @Test func `a stall now and then doesn't, however often`() {
        var rule = DirectWritingRule()
        for _ in 0..<1000 {
            for _ in 0..<16 { rule.wrote(in: Self.slow) }
            for _ in 0..<16 { rule.wrote(in: Self.quick) }
        }
        #expect(rule.isOn)
    }

    @Test func `two slow pieces for each quick one do`() {
        var rule = DirectWritingRule()
        for index in 0..<400 { rule.wrote(in: index % 3 == 0 ? Self.quick : Self.slow) }
        #expect(!rule.isOn)
    }
}
