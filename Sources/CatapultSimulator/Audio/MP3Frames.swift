/// Frames that any decoder takes for silence: no main data, the rest of each frame is ancillary.
enum MP3Frames {
    /// 144 × 128,000 ÷ 44,100, without padding.
    static let frameBytes: Int64 = 417
    /// 4 bytes of header and 17 of side information for one channel.
    static let sideEnd = 21
    /// MPEG-1 layer III, no CRC, 128 kbit/s, 44.1 kHz, one channel.
    static let header: [UInt8] = [0xFF, 0xFB, 0x90, 0xC4]

    /// One frame: header, side information of zeros, then `ancillary`, cut to what fits.
    static func frame(ancillary: [UInt8]) -> [UInt8] {
        var frame = header
        frame += [UInt8](repeating: 0, count: sideEnd - header.count)
        // Below 0x80, so that no false sync word arises.
        frame += ancillary.prefix(Int(frameBytes) - sideEnd).map { $0 & 0x7F }
        return frame
    }
}
