/// One recording as the simulated provider holds it.
struct RecordingRow: Sendable {
    var id: String
    /// The provider's word, or any other that a test put there.
    var state: String
    /// Spelt as old documents do: key `status`, value `completed`.
    var isOldSpelling = false
    var startTime: Int64
    var callID: String
    var mediaName: String
    var shape: MediaShape
    /// Grows when the media's content changes.
    var version = 0
    /// Members put instead of, or beside, the usual ones.
    var members: [String: JSONValue] = [:]
    /// Members left out.
    var omitted: Set<String> = []
    /// The whole row as text, in place of all the above.
    var raw: String?

    var isComplete: Bool { state == "complete" || state == "completed" }
    var endTime: Int64 { startTime + shape.milliseconds }
    /// The media exists from `complete` on.
    var content: MediaContent {
        let seed = StableHash.of(id) &+ StableHash.mixed(UInt64(bitPattern: Int64(version)))
        return MediaContent(shape: shape, seed: seed)
    }

    /// The row of a listing; members in the provider's order, added ones after them.
    func json(base: String, origin: String, user: String) -> String {
        if let raw {
            return Self.filled(raw, base: base, origin: origin, user: user)
        }
        let account = "\(base)/users/\(user)"
        var row: [(name: String, value: String)] = []
        if state != "recording" {
            row.append(("endTime", "\"" + DateText.iso8601(endTime) + "\""))
        }
        row.append(("id", JSONValue.quoted(id)))
        if state != "recording" && state != "error" {
            let name = TextCoding.percentEncoded(mediaName)
            row.append(("media", "\"\(account)/media/\(name)\""))
        }
        row.append(("call", "\"\(account)/calls/\(TextCoding.percentEncoded(callID))\""))
        row.append(("startTime", "\"" + DateText.iso8601(startTime) + "\""))
        if isOldSpelling {
            row.append(("status", JSONValue.quoted(state == "complete" ? "completed" : state)))
        } else {
            row.append(("state", JSONValue.quoted(state)))
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let text = Self.filled(value.text, base: base, origin: origin, user: user)
            if let place = row.firstIndex(where: { $0.name == name }) {
                row[place].value = text
            } else {
                row.append((name, text))
            }
        }
        var text = ""
        for member in row where !omitted.contains(member.name) {
            text += text.isEmpty ? "{" : ","
            text += JSONValue.quoted(member.name) + ":"
            text += member.value
        }
        return text.isEmpty ? "{}" : text + "}"
    }

    /// Replaces `{base}`, `{origin}` and `{user}`.
    static func filled(_ text: String, base: String, origin: String, user: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result = text
        for (mark, value) in [("{base}", base), ("{origin}", origin), ("{user}", user)] {
            result = result.split(separator: mark, omittingEmptySubsequences: false)
                .joined(separator: value)
        }
        return result
    }
}
