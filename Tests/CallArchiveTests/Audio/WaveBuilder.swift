/// Builds WAVE files byte by byte, right and wrong ones.
struct WaveBuilder {
    var container = "RIFF"
    var chunks: [UInt8] = []
    /// In place of the true length.
    var declared: UInt32?

    static func number(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    mutating func chunk(_ id: String, _ body: [UInt8], declared: UInt32? = nil) {
        chunks += Array(id.utf8) + Self.number(declared ?? UInt32(body.count)) + body
        if !body.count.isMultiple(of: 2) { chunks.append(0) }
    }

    mutating func format(
        tag: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8000, bits: UInt16 = 16,
        align: UInt16? = nil, byteRate: UInt32? = nil, extra: [UInt8] = []
    ) {
        let align = align ?? channels * bits / 8
        chunk(
            "fmt ",
            Self.number(tag) + Self.number(channels) + Self.number(rate)
                + Self.number(byteRate ?? rate * UInt32(align)) + Self.number(align)
                + Self.number(bits) + extra)
    }

    mutating func data(_ count: Int, declared: UInt32? = nil) {
        chunk("data", [UInt8](repeating: 1, count: count), declared: declared)
    }

    var bytes: [UInt8] {
        let length = declared ?? UInt32(chunks.count + 4)
        return Array(container.utf8) + Self.number(length) + Array("WAVE".utf8) + chunks
    }
}
