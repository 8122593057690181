/// The transcription of a recording: words that follow from its id.
struct Transcript: Sendable {
    let recordingID: String

    private static let words = [
        "hello", "thank", "you", "for", "calling", "yes", "the", "order", "number", "is", "please",
        "hold", "one", "moment", "good", "bye", "appointment", "tomorrow", "delivery", "address",
    ]

    /// The provider's word; nil: it has none.
    func state(_ configuration: Configuration) -> String? {
        let share = StableHash.fraction(StableHash.of(recordingID) ^ 0x7E87)
        if share < configuration.transcribed { return "completed" }
        let isBegun = share < configuration.transcribed + configuration.transcribing
        return isBegun ? "transcribing" : nil
    }

    var id: String { "t-" + recordingID }
    var fileName: String { id + ".txt" }

    var text: String {
        var random = StableHash.of(recordingID)
        let count = 20 + Int(random % 400)
        var text = ""
        for _ in 0..<count {
            random = StableHash.mixed(random)
            text += (text.isEmpty ? "" : " ") + Self.words[Int(random % UInt64(Self.words.count))]
        }
        return text + "."
    }

    func json(account: String, time: Int64, state: String) -> String {
        if state != "completed" {
            return "{\"chargeableDuration\":60,\"id\":\(JSONValue.quoted(id)),"
                + "\"state\":\"\(state)\",\"time\":\"\(DateText.iso8601(time))\"}"
        }
        let text = text
        let url = "\(account)/media/\(TextCoding.percentEncoded(fileName))"
        return "{\"chargeableDuration\":60,\"id\":\(JSONValue.quoted(id)),\"state\":\"completed\","
            + "\"text\":\(JSONValue.quoted(String(text.prefix(1000)))),"
            + "\"textSize\":\(text.utf8.count),\"textUrl\":\"\(url)\","
            + "\"time\":\"\(DateText.iso8601(time))\"}"
    }
}
