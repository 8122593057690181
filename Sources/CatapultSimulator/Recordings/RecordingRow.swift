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
    /// Members put in place of the usual ones, or beside them; they come last in the row.
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

    /// Appends the row of a listing; members in the provider's order, added ones after them.
    func appendJSON(to text: inout String, site: Site) {
        if let raw {
            text += site.filled(raw)
            return
        }
        var isFirst = true
        func begin(_ name: String, _ usual: Bool) -> Bool {
            if !usual || omitted.contains(name) || members[name] != nil { return false }
            text += isFirst ? "{\"" : ",\""
            isFirst = false
            text += name
            text += "\":"
            return true
        }
        if begin("endTime", state != "recording") {
            text += "\""
            text += DateText.iso8601(endTime)
            text += "\""
        }
        if begin("id", true) { text += JSONValue.quoted(id) }
        if begin("media", state != "recording" && state != "error") {
            text += "\""
            text += site.account
            text += "/media/"
            text += TextCoding.percentEncoded(mediaName)
            text += "\""
        }
        if begin("call", true) {
            text += "\""
            text += site.account
            text += "/calls/"
            text += TextCoding.percentEncoded(callID)
            text += "\""
        }
        if begin("startTime", true) {
            text += "\""
            text += DateText.iso8601(startTime)
            text += "\""
        }
        if begin("status", isOldSpelling) {
            text += JSONValue.quoted(state == "complete" ? "completed" : state)
        }
        if begin("state", !isOldSpelling) { text += JSONValue.quoted(state) }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where !omitted.contains(name) {
            text += isFirst ? "{" : ","
            isFirst = false
            text += JSONValue.quoted(name) + ":" + site.filled(value.text)
        }
        text += isFirst ? "{}" : "}"
    }
}

/// The provider's URLs, as rows and redirects name them.
struct Site: Sendable {
    let origin: String
    /// The account's user id, percent-coded.
    let user: String
    let base: String
    let account: String

    init(origin: String, user: String) {
        self.origin = origin
        self.user = TextCoding.percentEncoded(user)
        base = origin + "/v1"
        account = "\(base)/users/\(self.user)"
    }

    /// Replaces `{base}`, `{origin}` and `{user}`.
    func filled(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var result = text
        for (mark, value) in [("{base}", base), ("{origin}", origin), ("{user}", user)] {
            result = result.split(separator: mark, omittingEmptySubsequences: false)
                .joined(separator: value)
        }
        return result
    }
}
