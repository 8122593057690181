import Glibc

/// The parsers that read what others write, by the names that `Scripts/fuzz.sh` takes.
enum FuzzTarget: String, CaseIterable {
    case link, page, audio, headers, config, options, manifest, journal, time

    /// By the environment: libFuzzer, whose `main` this program has, takes all arguments.
    static let chosen: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        if let target = FuzzTarget(rawValue: name) { return target }
        print("FUZZ_TARGET is one of", allCases.map(\.rawValue).joined(separator: " "))
        exit(2)
    }()

    /// Feeds one input; a trap, or a broken `expect`, is a finding.
    func feed(_ bytes: [UInt8]) {
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

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    FuzzTarget.chosen.feed(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
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
