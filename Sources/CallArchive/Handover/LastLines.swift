/// The end of what a program wrote; bounded.
struct LastLines {
    /// Bytes that are kept.
    private static let kept = 4096
    /// Lines that are told.
    private static let told = 3
    /// Characters of each that are told.
    private static let longest = 200

    private var bytes: [UInt8] = []

    mutating func append(_ new: UnsafeRawBufferPointer) {
        unsafe bytes.append(contentsOf: new.suffix(Self.kept))
        if bytes.count > 4 * Self.kept { bytes.removeFirst(bytes.count - Self.kept) }
    }

    /// The last lines that hold something, the oldest first; as they came, so not safe to print.
    var lines: [String] {
        let lines = bytes.suffix(Self.kept).split { $0 == 0x0A || $0 == 0x0D }
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { line in line.contains { !$0.isWhitespace } }
        return lines.suffix(Self.told).map { line in
            line.count > Self.longest ? line.prefix(Self.longest) + "…" : line
        }
    }
}
