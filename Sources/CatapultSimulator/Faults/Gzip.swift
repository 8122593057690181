/// A gzip stream of stored blocks: correct, and not a byte smaller.
enum Gzip {
    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var index = 0
        repeat {
            let end = min(index + 65_535, bytes.count)
            let length = UInt16(end - index)
            stream.append(end == bytes.count ? 1 : 0)
            stream += [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)]
            stream += [UInt8(truncatingIfNeeded: ~length), UInt8(~length >> 8)]
            stream += bytes[index..<end]
            index = end
        } while index < bytes.count
        append(crc32(bytes), to: &stream)
        append(UInt32(truncatingIfNeeded: bytes.count), to: &stream)
        return stream
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(.max) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in [0, 8, 16, 24] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
