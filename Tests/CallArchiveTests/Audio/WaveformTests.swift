import Testing

@testable import CallArchive

struct WaveformTests {
    /// A WAVE file of these data bytes.
    private func file(
        _ data: [UInt8], tag: UInt16 = 1, channels: UInt16 = 1, bits: UInt16 = 16
    ) -> BytesInMemory {
        func little(_ value: some FixedWidthInteger) -> [UInt8] {
            (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        let align = channels * bits / 8
        var bytes = Array("RIFF".utf8) + little(UInt32(36 + data.count)) + Array("WAVEfmt ".utf8)
        bytes += little(UInt32(16)) + little(tag) + little(channels) + little(UInt32(8000))
        bytes += little(8000 * UInt32(align)) + little(align) + little(bits)
        bytes += Array("data".utf8) + little(UInt32(data.count)) + data
        return BytesInMemory(bytes)
    }

    private func samples(_ values: [Int16]) -> [UInt8] {
        values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    @Test func `each stretch has its loudest sample`() throws {
        // A second: silence, one loud sample in the middle of the last stretch but one.
        var values = [Int16](repeating: 0, count: 8000)
        values[7940] = -32_768
        values[10] = 12_800
        let waveform = try #require(Waveform.measure(file(samples(values))))
        #expect(waveform.channels.count == 1 && waveform.channels[0].count == 200)
        #expect(waveform.channels[0][0] == 100 && waveform.channels[0][198] == 255)
        #expect(waveform.channels[0].filter { $0 > 0 }.count == 2)
    }

    @Test func `two channels are told apart, a third is left out`() throws {
        let left = [Int16](repeating: 6400, count: 400)
        let stereo = samples(left.flatMap { [$0, -$0 * 2] })
        let two = try #require(Waveform.measure(file(stereo, channels: 2)))
        #expect(
            two.channels == [[UInt8](repeating: 50, count: 200), .init(repeating: 100, count: 200)])
        let three = samples(left.flatMap { [$0, 0, $0] })
        #expect(Waveform.measure(file(three, channels: 3))?.channels.count == 2)
    }

    @Test func `fewer samples than points are spread`() throws {
        let waveform = try #require(Waveform.measure(file(samples([0, 25_600, 12_800]))))
        #expect(Set(waveform.channels[0]) == [0, 200, 100])
        #expect(waveform.channels[0].first == 0 && waveform.channels[0].last == 100)
    }

    @Test(
        arguments: [
            // Silence and the loudest code of each: G.711's tables, and a float beyond 1.
            (7, 8, [0xFF], [0x00], 250), (6, 8, [0xD5], [0x2A], 252), (1, 8, [0x80], [0x00], 255),
            (1, 24, [0, 0, 0], [0, 0, 0x40], 128), (1, 32, [0, 0, 0, 0], [0, 0, 0, 0x80], 255),
            (3, 32, [0, 0, 0, 0], [0, 0, 0, 0x3F], 128),
            (3, 32, [0, 0, 0xC0, 0x7F], [0, 0, 0, 0x41], 255),
            (3, 64, [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0xE0, 0xBF], 128),
        ] as [(UInt16, UInt16, [UInt8], [UInt8], UInt8)])
    func `every codec with plain samples is read`(
        tag: UInt16, bits: UInt16, silence: [UInt8], loud: [UInt8], expected: UInt8
    ) throws {
        let data = (0..<100).flatMap { _ in silence } + (0..<100).flatMap { _ in loud }
        let waveform = try #require(Waveform.measure(file(data, tag: tag, bits: bits)))
        #expect(waveform.channels[0][0] == 0 && waveform.channels[0][199] == expected)
    }

    @Test func `what has no plain samples has no waveform`() {
        #expect(Waveform.measure(file([1, 2, 3, 4], tag: 0x31, bits: 0)) == nil)
        #expect(Waveform.measure(file([])) == nil)
        #expect(Waveform.measure(BytesInMemory(Array("ID3 an MP3 of some kind".utf8))) == nil)
        #expect(Waveform.measure(BytesInMemory([])) == nil)
    }

    @Test func `a long file is looked at in places`() throws {
        final class Counting: RandomAccessBytes {
            let inner: BytesInMemory
            var bytes = 0
            init(_ inner: BytesInMemory) { self.inner = inner }
            var size: Int64 { inner.size }
            func read(at offset: Int64, count: Int) throws(Never) -> [UInt8] {
                let read = inner.read(at: offset, count: count)
                bytes += read.count
                return read
            }
        }
        let source = Counting(file([UInt8](repeating: 1, count: 8 << 20)))
        #expect(Waveform.measure(source) != nil)
        #expect(source.bytes <= 200 * 4096 + 4096)
    }
}
