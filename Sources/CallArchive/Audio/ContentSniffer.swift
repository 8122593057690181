/// Says what a file is that is no recording, by its first bytes.
enum ContentSniffer {
    private static let signatures: [(bytes: [UInt8], name: String)] = [
        ([0x89, 0x50, 0x4E, 0x47], "a PNG image"), ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        (Array("GIF8".utf8), "a GIF image"), (Array("%PDF".utf8), "a PDF document"),
        ([0x1F, 0x8B], "gzip data"), ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"),
        (Array("OggS".utf8), "an Ogg file"), (Array("fLaC".utf8), "a FLAC file"),
        (Array("#!AMR".utf8), "an AMR file"), (Array("FORM".utf8), "an IFF or AIFF file"),
        (Array(".snd".utf8), "an AU file"), (Array("RIFX".utf8), "a big-endian RIFF file"),
        (Array("RIFF".utf8), "a RIFF file other than WAVE"),
        ([0x1A, 0x45, 0xDF, 0xA3], "a Matroska or WebM file"), (Array("ID3".utf8), "an ID3 tag"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd data"), ([0x42, 0x5A, 0x68], "bzip2 data"),
    ]

    private static let htmlOpenings = [
        "<!doctype html", "<html", "<head", "<body", "<title", "<h1", "<p", "<div", "<script",
        "<meta", "<center",
    ]

    /// The kind and a sentence with an excerpt where that helps.
    static func describe(
        _ head: ArraySlice<UInt8>
    ) -> (rejection: AudioVerdict.Rejection, message: String) {
        guard !head.isEmpty else { return (.empty, "the file is empty") }
        for (bytes, name) in signatures where head.starts(with: bytes) {
            return (.notAudio, "it is \(name)")
        }
        if head.hasText("ftyp", at: 4) { return (.notAudio, "it is an MP4 file") }
        let text = trimmed(head)
        let excerpt = BodyExcerpt.text(Array(text))
        switch text.first {
        case nil: return (.notAudio, "it holds white space only")
        case UInt8(ascii: "<"):
            let opening = String(decoding: text.prefix(16), as: UTF8.self).lowercased()
            let isHTML = htmlOpenings.contains { opening.hasPrefix($0) }
            return isHTML
                ? (.html, "it is an HTML page: \(excerpt)") : (.xml, "it is XML: \(excerpt)")
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if looksLikeJSON(text) { return (.json, "it is JSON: \(excerpt)") }
        default: break
        }
        if isText(text) { return (.notAudio, "it is text: \(excerpt)") }
        return (.notAudio, "it is no audio file; it begins with \(hex(head))")
    }

    private static func trimmed(_ head: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = head
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        return text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    /// Valid as far as it was looked at.
    private static func looksLikeJSON(_ text: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(text)
        var cursor = JSONCursor()
        do throws(JSONError) {
            _ = try cursor.value(bytes.span)
            return true
        } catch {
            return error.reason == .truncated
        }
    }

    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
            && String(validating: bytes.prefix(1024).prefix { $0 < 0x80 }, as: UTF8.self) != nil
            && bytes.filter { $0 < 0x80 }.count * 2 > bytes.count
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes.prefix(8) {
            for half in [byte >> 4, byte & 15] {
                digits.append(half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10)
            }
        }
        return "0x" + String(decoding: digits, as: UTF8.self)
    }
}
