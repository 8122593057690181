/// The four bytes at the head of an MPEG audio layer III frame.
struct MPEGFrameHeader: Equatable {
    /// 1, 2 or 25 (for 2.5).
    let version: Int
    let sampleRate: Int
    /// Bits per second.
    let bitRate: Int
    let isMono: Bool
    /// Of the whole frame, header included.
    let length: Int

    private static let bitRates1 = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ]
    private static let bitRates2 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    private static let sampleRates = [44_100, 48_000, 32_000]

    /// nil for anything reserved, another layer, and the free bit rate, whose length is not told.
    init?(_ bytes: ArraySlice<UInt8>) {
        let word = bytes.bigEndian(at: 0, bytes: 4)
        guard bytes.count >= 4, word >> 21 == 0x7FF, (word >> 17) & 3 == 1 else { return nil }
        let rateIndex = Int((word >> 12) & 15)
        let sampleIndex = Int((word >> 10) & 3)
        // 2 is a reserved emphasis.
        guard (1...14).contains(rateIndex), sampleIndex < 3, word & 3 != 2 else { return nil }
        switch (word >> 19) & 3 {
        case 3:
            version = 1
            sampleRate = Self.sampleRates[sampleIndex]
        case 2:
            version = 2
            sampleRate = Self.sampleRates[sampleIndex] / 2
        case 0:
            version = 25
            sampleRate = Self.sampleRates[sampleIndex] / 4
        default: return nil
        }
        bitRate = (version == 1 ? Self.bitRates1 : Self.bitRates2)[rateIndex - 1] * 1000
        isMono = (word >> 6) & 3 == 3
        let padding = Int((word >> 9) & 1)
        length = (version == 1 ? 144 : 72) * bitRate / sampleRate + padding
    }

    var samples: Int { version == 1 ? 1152 : 576 }

    /// Bytes between the header and the main data.
    var sideInformation: Int {
        version == 1 ? (isMono ? 17 : 32) : (isMono ? 9 : 17)
    }

    /// Whether both can be of one stream.
    func agrees(with other: MPEGFrameHeader) -> Bool {
        version == other.version && sampleRate == other.sampleRate && isMono == other.isMono
    }
}
