import Platform

extension RecordingName {
    /// What a path tells of its recording.
    struct Decoded: Sendable, Equatable {
        var id: String
        /// Whole seconds.
        var start: Timestamp?
    }

    /// The id and start time behind a path below the archive.
    ///
    /// nil when this program would not have given that name, or has cut the id in it.
    static func decode(path: String) -> Decoded? {
        let (folder, file) = Placement.split(path)
        guard let dot = file.lastIndex(of: ".") else { return nil }
        var stem = file[..<dot]
        var start: Timestamp?
        if folder != undatedFolder {
            guard let bar = stem.firstIndex(of: "_") else { return nil }
            start = compact(stem[..<bar])
            if start == nil { return nil }
            stem = stem[stem.index(after: bar)...]
        }
        guard let id = unescape(stem), !id.isEmpty else { return nil }
        let name = RecordingName(
            id: id, start: start, fileExtension: String(file[file.index(after: dot)...]),
            idHash: { "" })
        return name.path == path ? Decoded(id: id, start: start) : nil
    }

    /// As `20130208T131547Z`.
    private static func compact(_ text: Substring) -> Timestamp? {
        let digits = Array(text)
        guard digits.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return Timestamp(
            iso8601: "\(part(0..<4))-\(part(4..<6))-\(part(6..<11)):\(part(11..<13)):"
                + part(13..<16))
    }

    /// nil for a `%` without two hex digits, and for bytes that are no UTF-8.
    private static func unescape(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = Hex.bytes(String(decoding: rest.prefix(2), as: UTF8.self))
            else { return nil }
            rest = rest.dropFirst(2)
            bytes += value
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
