internal import Glibc

/// The bytes of one recording's media, made at any offset without making what is before it.
///
/// Header, data, trailer. The data is a stretch of the speech table whose place depends on the
/// seed; every 4096 bytes (every frame of an MP3) carry a stamp of seed and position, so
/// that bytes of another recording or another place never compare equal.
package struct MediaContent: Sendable {
    let shape: MediaShape
    let seed: UInt64
    private let header: [UInt8]

    private static let stampSpacing: Int64 = 4096

    init(shape: MediaShape, seed: UInt64) {
        self.shape = shape
        self.seed = seed
        header =
            shape.kind == .mp3
            ? [] : WaveHeader(kind: shape.kind, dataBytes: shape.dataBytes).bytes
    }

    package var kind: AudioKind { shape.kind }
    /// The whole file in bytes.
    package var size: Int64 { shape.size }

    /// The bytes of `range`, cut to the file.
    package func bytes(_ range: Range<Int64>) -> [UInt8] {
        let range = range.clamped(to: 0..<size)
        return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            unsafe fill(UnsafeMutableRawBufferPointer(buffer), from: range.lowerBound)
            count = range.count
        }
    }

    /// Fills the buffer with the bytes from `offset` on; the file must reach that far.
    func fill(_ target: UnsafeMutableRawBufferPointer, from offset: Int64) {
        let end = offset + Int64(target.count)
        let dataStart = shape.headerBytes
        let dataEnd = dataStart + shape.dataBytes
        unsafe copy(header, at: 0, offset: offset, target: target)
        let trailer = shape.trailerBytes > 0 ? WaveHeader.trailer : []
        unsafe copy(trailer, at: dataEnd, offset: offset, target: target)
        let wanted = (offset..<end).clamped(to: dataStart..<dataEnd)
        guard !wanted.isEmpty else { return }
        let start = Int(wanted.lowerBound - offset)
        let part = unsafe UnsafeMutableRawBufferPointer(
            rebasing: target[start..<start + wanted.count])
        unsafe fillData(part, from: wanted.lowerBound - dataStart)
    }

    private func fillData(_ target: UnsafeMutableRawBufferPointer, from offset: Int64) {
        let table: [UInt8]
        let phase: Int64
        if kind == .mp3 {
            let voice = SpeechTable.mulaw
            let first = Int(seed % UInt64(voice.count - 400))
            table = MP3Frames.frame(ancillary: Array(voice[first..<first + 400]))
            phase = 0
        } else {
            switch kind {
            case .mulaw, .gsm: table = SpeechTable.mulaw
            case .alaw: table = SpeechTable.alaw
            default: table = SpeechTable.pcm
            }
            // Even, so that 16-bit samples stay whole.
            phase = Int64(seed % UInt64(table.count / 2)) * 2
        }
        var position = (offset + phase) % Int64(table.count)
        var done = 0
        while done < target.count {
            let count = min(target.count - done, table.count - Int(position))
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
            unsafe copy(table, at: 0, offset: position, target: part)
            done += count
            position = 0
        }
        unsafe stamp(target, from: offset)
    }

    /// Writes the stamps that overlap the buffer.
    private func stamp(_ target: UnsafeMutableRawBufferPointer, from offset: Int64) {
        let spacing = kind == .mp3 ? MP3Frames.frameBytes : Self.stampSpacing
        let inside: Int64 = kind == .mp3 ? Int64(MP3Frames.sideEnd) : 0
        var number = offset / spacing
        while number * spacing < offset + Int64(target.count) {
            let place = number * spacing + inside
            unsafe copy(stampBytes(UInt64(number)), at: place, offset: offset, target: target)
            number += 1
        }
    }

    private func stampBytes(_ number: UInt64) -> [UInt8] {
        let hash = StableHash.mixed(seed ^ StableHash.mixed(number))
        let plain = (0..<8).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 * 8)) }
        switch kind {
        case .mp3: return plain.map { $0 & 0x7F }
        case .mulaw, .alaw, .gsm: return plain
        // Small 16-bit samples: a soft click.
        default: return plain.flatMap { [$0, $0 & 0x80 == 0 ? 0 : 0xFF] }
        }
    }

    /// Copies the part of `source`, which lies at `place` in the file, that the buffer covers.
    private func copy(
        _ source: [UInt8], at place: Int64, offset: Int64, target: UnsafeMutableRawBufferPointer
    ) {
        let covered = (place..<place + Int64(source.count))
            .clamped(to: offset..<offset + Int64(target.count))
        guard !covered.isEmpty, let base = target.baseAddress else { return }
        unsafe source.withUnsafeBytes { bytes in
            guard let from = bytes.baseAddress else { return }
            unsafe memcpy(
                base + Int(covered.lowerBound - offset), from + Int(covered.lowerBound - place),
                covered.count)
        }
    }
}
