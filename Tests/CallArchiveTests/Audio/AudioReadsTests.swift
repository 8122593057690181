import CallArchive
import Testing

/// How many bytes are asked for, and what hostile headers can do to that.
@Suite struct AudioReadsTests {
    /// A file of any size whose bytes are all made up; counts what is read.
    final class CountedBytes: RandomAccessBytes {
        let size: Int64
        let head: [UInt8]
        let filler: [UInt8]
        private(set) var reads = 0
        private(set) var bytes = 0

        init(head: [UInt8], size: Int64, filler: [UInt8] = [0]) {
            self.head = head
            self.size = size
            self.filler = filler
        }

        func read(at offset: Int64, count: Int) throws(Never) -> [UInt8] {
            reads += 1
            let end = min(offset + Int64(count), size)
            bytes += Int(end - offset)
            if filler.count == 1, offset >= head.count {
                return [UInt8](repeating: filler[0], count: Int(end - offset))
            }
            return (offset..<end).map { place in
                place < head.count
                    ? head[Int(place)]
                    : filler[Int((place - Int64(head.count)) % Int64(filler.count))]
            }
        }
    }

    private func head(_ build: (inout WaveBuilder) -> Void) -> [UInt8] {
        var builder = WaveBuilder()
        build(&builder)
        return builder.bytes
    }

    @Test func `a plain file costs one read`() {
        let start = head {
            $0.declared = 1 << 28
            $0.format()
            $0.data(0, declared: (1 << 28) - 36)
        }
        let source = CountedBytes(head: start, size: (1 << 28) + 8)
        guard case .accepted(let audio, let warnings) = AudioInspector.inspect(source) else {
            Issue.record("refused")
            return
        }
        #expect(audio.durationSeconds == Double((1 << 28) - 36) / 16_000)
        #expect(warnings.isEmpty)
        #expect(source.reads == 1)
        #expect(source.bytes == 4096)
    }

    @Test func `a chunk behind the audio costs one read more`() {
        let start = head {
            $0.format(tag: 0x31, bits: 0, align: 65, byteRate: 1625)
            $0.data(0, declared: 1_000_000)
        }
        let source = CountedBytes(head: start, size: 1_000_200, filler: Array("LIST    ".utf8))
        _ = AudioInspector.inspect(source)
        #expect(source.reads <= 2)
    }

    @Test func `empty chunks without end are given up`() {
        let start = head { $0.format() }
        let filler = Array("junk".utf8) + [0, 0, 0, 0]
        let source = CountedBytes(head: start, size: 1 << 40, filler: filler)
        guard case .rejected = AudioInspector.inspect(source) else {
            Issue.record("accepted")
            return
        }
        #expect(source.reads <= 130)
    }

    @Test func `far jumps are bounded too`() {
        let start = head { $0.format() }
        let filler = Array("junk".utf8) + WaveBuilder.number(UInt32(79_992))
        let source = CountedBytes(head: start, size: 1 << 50, filler: filler)
        guard case .rejected = AudioInspector.inspect(source) else {
            Issue.record("accepted")
            return
        }
        #expect(source.reads <= 130)
    }

    @Test func `no header of random bytes traps or loops`() {
        var random = SplitMix(state: 20_130_208)
        let starts: [[UInt8]] = [
            [], Array("RIFF".utf8), Array("RF64".utf8), Array("ID3".utf8), [0xFF, 0xFB],
        ]
        for round in 0..<600 {
            var bytes = starts[round % starts.count]
            if round % 5 == 1 || round % 5 == 2 {
                bytes += [UInt8](repeating: .max, count: 4) + Array("WAVE".utf8)
                for id in ["ds64", "fmt ", "fact", "data"].shuffled(using: &random) {
                    bytes += Array(id.utf8)
                    let length = UInt32.random(in: 0...40, using: &random)
                    bytes += WaveBuilder.number(round % 10 < 5 ? length : length &* 0x0FFF_FFFF)
                    bytes += (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                }
            }
            bytes += (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
            let source = CountedBytes(head: bytes, size: Int64(bytes.count) << (round % 3 * 16))
            _ = AudioInspector.inspect(source)
            #expect(source.reads <= 140)
        }
    }
}

/// Numbers that look random and are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
