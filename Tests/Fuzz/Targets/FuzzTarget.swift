import Glibc

/// The parsers that read what others write, by the names that `Scripts/fuzz.sh` takes.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case link, page, audio, headers, config, options, manifest, journal, time

    /// Feeds one input; a trap, or a broken `expect`, is a finding.
    package func feed(_ bytes: [UInt8]) {
        switch self {
        case .link: feedLink(bytes)
        case .page: feedPage(bytes)
        case .audio: feedAudio(bytes)
        case .headers: feedHeaders(bytes)
        case .config: feedConfig(bytes)
        case .options: feedOptions(bytes)
        case .manifest: feedManifest(bytes)
        case .journal: feedJournal(bytes)
        case .time: feedTime(bytes)
        }
    }
}

/// Something that must be true of whatever a parser made of the input.
func expect(_ condition: Bool, _ words: @autoclosure () -> String) {
    guard !condition else { return }
    let line = Array("expected otherwise: \(words())\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    abort()
}

/// The input as lines of text; broken UTF-8 is repaired, as where headers are read.
func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
}
