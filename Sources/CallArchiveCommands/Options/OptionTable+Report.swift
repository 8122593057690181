/// The options of `report`.
extension OptionTable {
    static let report: [OptionSpec] = [
        OptionSpec(
            "output", short: "o", .value(.file, into: \.output), commands: [.report],
            section: .output,
            help: "Write the page there instead of ARCHIVE/report.html",
            details: """
                Replaced as a whole, mode 0600. The page's links to the recordings are relative: it \
                must stay where it is written, or move together with the archive.
                """),
        OptionSpec(
            "waveforms", .value(.countOrAll, into: \.waveforms), default: "1000",
            commands: [.report], section: .output,
            help: "Draw the newest N recordings' waveforms; N may be all or none",
            details: """
                Each costs a look into its file, of 800 KiB at most. The others are played with a \
                plain bar. MP3 and codecs other than PCM, µ-law and A-law have no waveform.
                """),
    ]
}

extension ValueSyntax<Int> {
    /// A whole number, or the words for none and all of them.
    static var countOrAll: Self {
        let number = Self.integer(0...Int.max)
        return ValueSyntax(placeholder: "N", expected: "a whole number, all or none") {
            text throws(ValueProblem) in
            switch text {
            case "all": Int.max
            case "none": 0
            default: try number.parse(text)
            }
        }
    }
}
