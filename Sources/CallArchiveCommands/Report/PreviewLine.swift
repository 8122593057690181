package import CallArchive
import Platform

/// A line of `list` for people: action, state, start time, id.
package enum PreviewLine {
    /// `width` is the terminal's; nil leaves ids whole, as pipes want them.
    package static func render(
        _ row: PreviewRow, width: Int?, paint: Paint = .none
    ) -> String {
        let head = columns(
            row.action.rawValue, escaped(row.entry.state ?? "-"), start(row.entry))
        let id = Wording.cut(escaped(row.entry.id), behind: head.count, width: width)
        let word = row.action.rawValue
        return paint(word, ink(row.action)) + head.dropFirst(word.count) + id + "\n"
    }

    private static func ink(_ action: PreviewAction) -> Paint.Ink? {
        switch action {
        case .download, .resume: .good
        case .retry, .gone, .unavailable: .doubtful
        case .skip, .wait, .outside: nil
        }
    }

    /// The headings; for terminals only.
    package static let header = columns("ACTION", "STATE", "START (UTC)") + "ID\n"

    private static func columns(_ action: String, _ state: String, _ start: String) -> String {
        pad(action, 11) + "  " + pad(state, 9) + "  " + pad(start, 19) + "  "
    }

    /// In our own form when it is a time; else as the provider wrote it.
    private static func start(_ entry: ArchiveEntry) -> String {
        guard let text = entry.startTime else { return "-" }
        guard let moment = Timestamp(iso8601: text) else { return escaped(text) }
        return String(moment.iso8601.prefix(19).map { $0 == "T" ? " " : $0 })
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
