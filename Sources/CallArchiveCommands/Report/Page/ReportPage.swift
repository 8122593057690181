import CallArchive

/// The page in pieces, so that it is written without being held: head, recordings, tail.
///
/// Recordings come in blocks that a browser reads one after the other, so that it stays quick.
struct ReportPage {
    /// A block ends with the recording that fills it.
    private static let mostRows = 1000
    private static let mostBytes = 256 << 10

    private(set) var facts: PageFacts
    private let tail: [UInt8]
    private var row = PageRow()
    private var block: [UInt8] = []
    private var blockRows = 0
    let head: [UInt8]

    init(_ facts: PageFacts) {
        self.facts = facts
        (head, tail) = PageTemplate.parts(title: facts.title, words: facts.words)
        block.reserveCapacity(Self.mostBytes + 16_384)
    }

    /// What is to be written now; often nothing yet.
    mutating func append(_ entry: ArchiveEntry, _ waveform: Waveform?) -> [UInt8] {
        if blockRows == 0 {
            row.begin()
            block += #"<script type="application/json" class="rows">["#.utf8
        } else {
            block.append(UInt8(ascii: ","))
        }
        block.append(UInt8(ascii: "\n"))
        block += row.bytes(entry, waveform)
        blockRows += 1
        facts.rows += 1
        if waveform != nil { facts.waveforms += 1 }
        return blockRows < Self.mostRows && block.count < Self.mostBytes ? [] : endBlock()
    }

    /// The rest of the page.
    mutating func end() -> [UInt8] {
        endBlock() + Array(#"<script type="application/json" id="facts">"#.utf8) + facts.bytes
            + Array("</script>\n".utf8) + tail
    }

    private mutating func endBlock() -> [UInt8] {
        guard blockRows > 0 else { return [] }
        block += "\n]</script>\n".utf8
        defer {
            block.removeAll(keepingCapacity: true)
            blockRows = 0
        }
        return block
    }
}
