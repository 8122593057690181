extension Wording {
    /// Breaks between words; further lines of a text are set in a little. Whole for nil.
    package static func wrap(_ text: String, room: Int?) -> [String] {
        guard let room else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(line)
                line = "  " + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }

    /// Cut with an ellipsis to what a window leaves beside `head` columns; whole for nil, and where
    /// too little would be left to be of use.
    package static func cut(_ text: String, behind head: Int, width: Int?) -> String {
        guard let width, head + text.count > width, width > head + 8 else { return text }
        return text.prefix(width - head - 1) + "…"
    }
}
