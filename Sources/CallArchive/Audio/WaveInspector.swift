/// Walks the chunks of a RIFF, RF64 or BW64 WAVE file.
struct WaveInspector<Source: RandomAccessBytes> {
    private var window: AudioWindow<Source>
    private let size: Int64
    private var format: WaveFormat?
    private var data: WaveData?
    private var sizes = WaveLongSizes()
    private var factSamples: Int64?
    private var warnings: [String] = []

    init(_ window: AudioWindow<Source>) {
        self.window = window
        size = window.size
    }

    /// The first bytes are those of a WAVE file, or of one cut within them.
    static func recognises(_ head: ArraySlice<UInt8>) -> Bool {
        guard head.count >= 4 else { return false }
        let isContainer =
            head.hasText("RIFF", at: 0) || head.hasText("RF64", at: 0)
            || head.hasText("BW64", at: 0)
        return isContainer && (head.count < 12 || head.hasText("WAVE", at: 8))
    }

    mutating func verdict() throws(Source.Failure) -> AudioVerdict {
        let head = try window.bytes(at: 0, count: 12)
        guard head.count == 12 else { return truncated("it ends within its first header") }
        let declared = head.littleEndian(at: 4, bytes: 4)
        let isLong = !head.hasText("RIFF", at: 0)
        if let rejection = try walk(isLong: isLong) { return rejection }
        let outer = isLong ? sizes.riff ?? declared : declared
        guard let data else { return missing("audio", outer) }
        guard let format else { return missing("format", outer) }
        checkEnd(of: data, declared: outer)
        return accepted(format, data)
    }

    /// The format, and where the audio lies; nil unless the file is whole.
    mutating func layout() throws(Source.Failure) -> (format: WaveFormat, data: WaveData)? {
        let head = try window.bytes(at: 0, count: 12)
        guard head.count == 12, Self.recognises(head), case .accepted = try verdict(),
            let format, let data
        else { return nil }
        return (format, data)
    }

    /// Takes note of all chunks; a verdict only when the file can't be whole.
    private mutating func walk(isLong: Bool) throws(Source.Failure) -> AudioVerdict? {
        var offset: Int64 = 12
        var count = 0
        while offset < size, format == nil || data == nil || needsFact {
            guard count < WaveLimits.chunks else {
                warnings.append("more than \(WaveLimits.chunks) chunks, the rest not looked at")
                break
            }
            count += 1
            let header = try window.bytes(at: offset, count: 8)
            guard header.count == 8 else {
                // A stray byte behind the audio is no cut.
                return data != nil && format != nil ? nil : truncated("it ends within a header")
            }
            let small = header.littleEndian(at: 4, bytes: 4)
            let length = isLong && small == WaveLimits.unknown ? sizes.length(of: header) : small
            let body = offset + 8
            if header.hasText("data", at: 0), data == nil {
                let found = try measure(declared: length, at: body)
                if found.isShort {
                    let message =
                        "its audio is declared as \(counted(length, "byte")), it has \(size - body)"
                    return truncated(message)
                }
                data = found
                offset = found.end
            } else {
                try take(header, length: length, at: body)
                // Both are far below the limit of 64 bits; a false length ends the walk.
                let (end, overflow) = body.addingReportingOverflow(Int64(clamping: length))
                if overflow || end > size {
                    return data != nil && format != nil
                        ? nil : truncated("a chunk before the audio is cut")
                }
                offset = end
            }
            offset += offset & 1
        }
        return nil
    }

    /// Only codecs that code in blocks need the sample count.
    private var needsFact: Bool {
        guard let format, let data, factSamples == nil else { return false }
        return format.duration(dataBytes: 1 << 20, factSamples: nil)
            != format.duration(dataBytes: 1 << 20, factSamples: 1) && !data.isStreamed
    }

    private mutating func take(
        _ header: ArraySlice<UInt8>, length: UInt64, at body: Int64
    ) throws(Source.Failure) {
        if header.hasText("fmt ", at: 0), format == nil {
            let count = Int(min(length, UInt64(WaveFormat.longest)))
            format = WaveFormat(try window.bytes(at: body, count: count))
        } else if header.hasText("fact", at: 0), length >= 4 {
            let samples = try window.bytes(at: body, count: 4).littleEndian(at: 0, bytes: 4)
            if samples != WaveLimits.unknown { factSamples = Int64(samples) }
        } else if header.hasText("ds64", at: 0) {
            let count = Int(min(length, UInt64(WaveLongSizes.longest)))
            sizes = WaveLongSizes(try window.bytes(at: body, count: count))
        }
    }

    /// Where the audio lies, by what is declared and by what is there.
    private mutating func measure(
        declared: UInt64, at body: Int64
    ) throws(Source.Failure) -> WaveData {
        let rest = size - body
        if declared == 0, rest > 0, try endsInChunks(from: body) {
            return WaveData(start: body, length: 0)
        }
        if WaveLimits.isPlaceholder(declared), declared > UInt64(rest) || declared == 0 {
            if rest > 0 { warnings.append("the header doesn't say how long the audio is") }
            return WaveData(start: body, length: rest, isStreamed: true)
        }
        guard declared <= UInt64(rest) else {
            return WaveData(start: body, length: rest, isShort: true)
        }
        return WaveData(start: body, length: Int64(declared))
    }

    /// Whether nothing but whole chunks follows, up to the very end: then 0 means no audio.
    private mutating func endsInChunks(from start: Int64) throws(Source.Failure) -> Bool {
        var offset = start
        for _ in 0..<16 where offset < size {
            let header = try window.bytes(at: offset, count: 8)
            guard header.count == 8,
                header.prefix(4).allSatisfy({ (0x20...0x7E).contains($0) })
            else { return false }
            offset += 8 + Int64(header.littleEndian(at: 4, bytes: 4))
            offset += offset & 1
        }
        return offset == size || offset == size + 1
    }

    /// Warns when the outermost length doesn't fit the file.
    private mutating func checkEnd(of data: WaveData, declared: UInt64) {
        guard !data.isStreamed, !WaveLimits.isPlaceholder(declared) else { return }
        let (end, overflow) = Int64(clamping: declared).addingReportingOverflow(8)
        if overflow || end > size {
            warnings.append("the header declares more bytes than the file has")
        } else if end < data.end {
            warnings.append("the header declares fewer bytes than the audio has")
        } else if end + (end & 1) < size {
            warnings.append(
                "\(counted(size - end, "byte")) behind the end that the header declares")
        }
    }

    private func accepted(_ format: WaveFormat, _ data: WaveData) -> AudioVerdict {
        var warnings = warnings
        if data.length == 0 { warnings.append("the file holds no audio") }
        if format.channels == 0 || format.sampleRate == 0 {
            warnings.append("the format names no channels or no sample rate")
        }
        let duration = format.duration(
            dataBytes: data.length, factSamples: data.isStreamed ? nil : factSamples)
        let properties = AudioProperties(
            container: "wav", encoding: format.encoding,
            channels: format.channels > 0 ? format.channels : nil,
            sampleRate: format.sampleRate > 0 ? format.sampleRate : nil,
            durationSeconds: duration)
        return .accepted(properties, warnings: warnings)
    }

    /// A part is missing because the file is cut, unless it says that it is whole.
    private func missing(_ part: String, _ declared: UInt64) -> AudioVerdict {
        let isWhole = !WaveLimits.isPlaceholder(declared) && declared <= UInt64(max(size - 8, 0))
        return isWhole
            ? .rejected(.damaged, message: "the WAVE file has no \(part)")
            : truncated("its \(part) is missing")
    }

    private func truncated(_ why: String) -> AudioVerdict {
        .rejected(.truncated, message: "the WAVE file is cut: \(why)")
    }
}
