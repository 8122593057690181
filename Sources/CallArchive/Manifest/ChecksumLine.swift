/// A line of `SHA256SUMS`, as `sha256sum -c` reads it.
///
/// Our names have neither backslash nor line end in them, so that nothing needs an escape.
package struct ChecksumLine: Sendable, Equatable {
    /// 64 lower-case hex digits.
    package var sha256: String
    /// Below the archive.
    package var file: String

    package init(sha256: String, file: String) {
        self.sha256 = sha256
        self.file = file
    }

    /// Writes a line with its end, of a digest's 32 bytes and a path's UTF-8.
    static func append(sha256: Span<UInt8>, file: Span<UInt8>, to line: inout JSONText) {
        line.hexDigits(sha256)
        line.raw("  ")
        line.append(file)
        line.raw("\n")
    }

    /// Reads a line without its end, text or binary; nil when it is none.
    package init?(line: ArraySlice<UInt8>) {
        let digits = line.prefix(64)
        let rest = line.dropFirst(64)
        guard digits.count == 64,
            digits.allSatisfy({ JSONEscapes.hexValue($0) != nil }),
            rest.starts(with: "  ".utf8) || rest.starts(with: " *".utf8), rest.count > 2,
            let file = String(validating: rest.dropFirst(2), as: UTF8.self)
        else { return nil }
        sha256 = String(decoding: digits, as: UTF8.self).lowercased()
        self.file = file
    }
}
