/// Recognises an MP3 file by frames that follow each other, and reads what its first frame says.
enum MP3Inspector {
    /// Searched for the first frame when there is something before it.
    private static let searched = 2048
    /// What looks like a frame there and is looked into, so that reads are bounded.
    private static let tries = 16

    /// nil when it is no MP3 file.
    static func verdict<Source>(
        _ window: inout AudioWindow<Source>
    ) throws(Source.Failure) -> AudioVerdict? {
        let (start, isTagged) = try skipTags(&window)
        if isTagged, start >= window.size {
            return .rejected(.truncated, message: "the MP3 file ends within its tag")
        }
        if let stream = try stream(at: start, atLeast: 2, &window) {
            return try accepted(stream, &window, warnings: [])
        }
        let head = try window.bytes(at: start, count: 4)
        if let frame = MPEGFrameHeader(head), start + Int64(frame.length) > window.size {
            return .rejected(.truncated, message: "the MP3 file ends within its first frame")
        }
        // Something else may stand before the first frame; three of them are no accident.
        var tries = 0
        for skipped in 1..<Int64(searched)
        where start + skipped < window.size && tries < Self.tries {
            let head = try window.bytes(at: start + skipped, count: 4)
            guard MPEGFrameHeader(head) != nil else { continue }
            tries += 1
            guard let stream = try stream(at: start + skipped, atLeast: 3, &window) else {
                continue
            }
            let warning = "\(counted(skipped, "other byte")) before the first MP3 frame"
            return try accepted(stream, &window, warnings: [warning])
        }
        return isTagged
            ? .rejected(.damaged, message: "the MP3 file has a tag, but no audio behind it") : nil
    }

    /// Where the audio begins, behind any ID3v2 tags.
    private static func skipTags<Source>(
        _ window: inout AudioWindow<Source>
    ) throws(Source.Failure) -> (Int64, Bool) {
        var offset: Int64 = 0
        for _ in 0..<4 {
            let tag = try window.bytes(at: offset, count: 10)
            guard tag.count == 10, tag.hasText("ID3", at: 0) else { break }
            var length: Int64 = 0
            for byte in tag.dropFirst(6) {
                guard byte < 0x80 else { return (offset, offset > 0) }
                length = length << 7 | Int64(byte)
            }
            let hasFooter = tag[tag.startIndex + 5] & 0x10 != 0
            offset += 10 + length + (hasFooter ? 10 : 0)
        }
        return (offset, offset > 0)
    }

    /// Frames that follow each other from `start`, within one window.
    private struct Stream {
        var start: Int64
        var first: MPEGFrameHeader
        var frames = 0
        var bytes = 0
        var hasOneBitRate = true
    }

    /// nil when there are fewer than `least`; one is enough when 2 are wanted and the file ends.
    private static func stream<Source>(
        at start: Int64, atLeast least: Int, _ window: inout AudioWindow<Source>
    ) throws(Source.Failure) -> Stream? {
        guard let first = MPEGFrameHeader(try window.bytes(at: start, count: 4)) else {
            return nil
        }
        var stream = Stream(start: start, first: first)
        var offset = start
        while offset - start < AudioWindow<Source>.length - 4 {
            let header = try window.bytes(at: offset, count: 4)
            guard let frame = MPEGFrameHeader(header), frame.agrees(with: first) else {
                let isEnd = header.count < 4 || header.hasText("TAG", at: 0)
                return stream.frames >= (isEnd && least == 2 ? 1 : least) ? stream : nil
            }
            guard offset + Int64(frame.length) <= window.size else {
                // The header that agrees counts, though its frame is cut.
                return stream.frames > 0 && stream.frames + 1 >= least ? stream : nil
            }
            stream.frames += 1
            stream.bytes += frame.length
            stream.hasOneBitRate = stream.hasOneBitRate && frame.bitRate == first.bitRate
            offset += Int64(frame.length)
        }
        return stream
    }

    private static func accepted<Source>(
        _ stream: Stream, _ window: inout AudioWindow<Source>, warnings: [String]
    ) throws(Source.Failure) -> AudioVerdict {
        let first = stream.first
        let head = try window.bytes(at: stream.start, count: first.length)
        let index = MP3Index(head, header: first)
        if let declared = index?.bytes, declared > window.size {
            let message = "the MP3 file is cut: it declares \(declared) bytes of \(window.size)"
            return .rejected(.truncated, message: message)
        }
        var audioBytes = window.size - stream.start
        if try window.bytes(at: window.size - 128, count: 3).hasText("TAG", at: 0) {
            audioBytes -= 128
        }
        let duration: Double
        if let frames = index?.frames, frames > 0 {
            duration = Double(frames * Int64(first.samples)) / Double(first.sampleRate)
        } else if stream.hasOneBitRate {
            duration = Double(audioBytes * 8) / Double(first.bitRate)
        } else {
            let frames = Double(audioBytes) * Double(stream.frames) / Double(stream.bytes)
            duration = frames * Double(first.samples) / Double(first.sampleRate)
        }
        return .accepted(
            AudioProperties(
                container: "mp3", encoding: "mp3", channels: first.isMono ? 1 : 2,
                sampleRate: first.sampleRate, durationSeconds: duration),
            warnings: warnings)
    }
}

/// What an encoder wrote into the first frame of an MP3 file: a Xing, Info or VBRI header.
private struct MP3Index {
    var frames: Int64?
    /// Of the whole stream.
    var bytes: Int64?

    init?(_ frame: ArraySlice<UInt8>, header: MPEGFrameHeader) {
        let xing = 4 + header.sideInformation
        if frame.hasText("Xing", at: xing) || frame.hasText("Info", at: xing) {
            let flags = frame.bigEndian(at: xing + 4, bytes: 4)
            var offset = xing + 8
            if flags & 1 != 0 {
                frames = Int64(frame.bigEndian(at: offset, bytes: 4))
                offset += 4
            }
            if flags & 2 != 0 { bytes = Int64(frame.bigEndian(at: offset, bytes: 4)) }
        } else if frame.hasText("VBRI", at: 36) {
            bytes = Int64(frame.bigEndian(at: 46, bytes: 4))
            frames = Int64(frame.bigEndian(at: 50, bytes: 4))
        } else {
            return nil
        }
    }
}
