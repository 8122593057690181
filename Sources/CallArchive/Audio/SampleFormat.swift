/// How a WAVE file without compression in blocks writes one sample.
enum SampleFormat: Equatable {
    case unsigned8, signed16, signed24, signed32, float32, float64, mulaw, alaw

    /// nil for codecs whose bytes are no samples.
    init?(_ format: WaveFormat) {
        switch format.encoding {
        case "pcm_u8": self = .unsigned8
        case "pcm_s16le": self = .signed16
        case "pcm_s24le": self = .signed24
        case "pcm_s32le": self = .signed32
        case "pcm_f32le": self = .float32
        case "pcm_f64le": self = .float64
        case "pcm_mulaw": self = .mulaw
        case "pcm_alaw": self = .alaw
        default: return nil
        }
    }

    var bytes: Int {
        switch self {
        case .unsigned8, .mulaw, .alaw: 1
        case .signed16: 2
        case .signed24: 3
        case .signed32, .float32: 4
        case .float64: 8
        }
    }

    /// How far the sample at `offset` is from silence: 0 to 32768.
    func magnitude(_ bytes: [UInt8], at offset: Int) -> Int {
        switch self {
        case .unsigned8: abs(Int(bytes[offset]) - 128) << 8
        case .signed16: abs(Self.signed(bytes[offset + 1], bytes[offset]))
        // The lower bytes are less than a pixel.
        case .signed24: abs(Self.signed(bytes[offset + 2], bytes[offset + 1]))
        case .signed32: abs(Self.signed(bytes[offset + 3], bytes[offset + 2]))
        case .float32:
            Self.scaled(Double(Float(bitPattern: UInt32(Self.word(bytes, offset, 4)))))
        case .float64: Self.scaled(Double(bitPattern: Self.word(bytes, offset, 8)))
        case .mulaw: Self.mulawMagnitudes[Int(bytes[offset])]
        case .alaw: Self.alawMagnitudes[Int(bytes[offset])]
        }
    }

    private static func signed(_ high: UInt8, _ low: UInt8) -> Int {
        Int(Int16(bitPattern: UInt16(high) << 8 | UInt16(low)))
    }

    private static func word(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
    }

    /// What is no number is silence.
    private static func scaled(_ value: Double) -> Int {
        value.isNaN ? 0 : Int(min(value.magnitude, 1) * 32_768)
    }

    /// G.711's µ-law, by code.
    private static let mulawMagnitudes = (0..<256).map { code in
        let plain = ~code
        return ((plain & 0x0F) << 3 + 0x84) << ((plain & 0x70) >> 4) - 0x84
    }

    /// G.711's A-law, by code.
    private static let alawMagnitudes = (0..<256).map { code in
        let plain = code ^ 0x55
        let mantissa = (plain & 0x0F) << 4
        let segment = (plain & 0x70) >> 4
        return segment == 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1)
    }
}
