/// Where a WAVE file's audio lies.
struct WaveData {
    var start: Int64
    var length: Int64
    /// The header has a placeholder for its length.
    var isStreamed = false
    /// The header declares more than there is.
    var isShort = false

    /// Never beyond the file.
    var end: Int64 { start + length }
}

/// What is believed of a header's numbers.
enum WaveLimits {
    /// Chunks looked at.
    static let chunks = 128
    /// "See elsewhere", or not known when the header was written.
    static let unknown: UInt64 = 0xFFFF_FFFF

    /// Lengths written before the length was known. Into a pipe, ffmpeg writes the largest one,
    /// sox 0x7FFFF000 less what its blocks need.
    static func isPlaceholder(_ length: UInt64) -> Bool {
        switch length {
        case 0, unknown, .max, 0x7FFF_0000...0x7FFF_FFFF: true
        default: false
        }
    }
}

/// The `ds64` chunk of RF64 and BW64: lengths that don't fit into 32 bits.
struct WaveLongSizes {
    /// Bytes of the chunk that are looked at: 28 and a table of 64 chunks.
    static let longest = 28 + 64 * 12

    private(set) var riff: UInt64?
    private var data: UInt64?
    private var table: [(id: [UInt8], length: UInt64)] = []

    init() {}

    init(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 16 else { return }
        riff = bytes.littleEndian(at: 0, bytes: 8)
        data = bytes.littleEndian(at: 8, bytes: 8)
        let count = Int(min(bytes.littleEndian(at: 24, bytes: 4), 64))
        for entry in 0..<count {
            let id = bytes.dropFirst(28 + entry * 12).prefix(4)
            guard id.count == 4 else { return }
            table.append((Array(id), bytes.littleEndian(at: 32 + entry * 12, bytes: 8)))
        }
    }

    /// Of the chunk with this header; unknown when it is not listed.
    func length(of header: ArraySlice<UInt8>) -> UInt64 {
        if header.hasText("data", at: 0) { return data ?? WaveLimits.unknown }
        return table.first { header.starts(with: $0.id) }?.length ?? WaveLimits.unknown
    }
}
