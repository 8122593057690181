import Transfer

/// A recording's transcriptions: `GET /users/{id}/recordings/{id}/transcriptions`.
struct CatapultTranscriptions: TranscriptionProvider {
    private let recordings: String

    /// `baseURL` has no trailing slash.
    init(baseURL: String, account: String) {
        recordings = "\(baseURL)/users/\(PercentEncoding.pathComponent(account))/recordings"
    }

    func list(of recording: String) -> HTTPURL? {
        try? HTTPURL(
            "\(recordings)/\(PercentEncoding.pathComponent(recording))/transcriptions")
    }

    func read(_ response: Response) throws(UnusableAnswer) -> [ListedTranscription] {
        var listed: [ListedTranscription] = []
        do throws(PageError) {
            try CatapultPage(response.body).forEachValue {
                (cursor: inout JSONCursor, bytes: Span<UInt8>, _: Int) throws(JSONError) in
                if let one = try Self.transcription(&cursor, bytes) { listed.append(one) }
            }
        } catch {
            throw UnusableAnswer(reason: "\(error)")
        }
        return listed
    }

    /// nil for anything but an object.
    private static func transcription(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> ListedTranscription? {
        guard cursor.peek(bytes) == .object else {
            _ = try cursor.value(bytes)
            return nil
        }
        guard try cursor.enterObject(bytes) else { return nil }
        var one = ListedTranscription(state: .unknown(""))
        repeat {
            let key = try cursor.key(bytes)
            let value = try cursor.value(bytes)
            if key.equals("state", in: bytes) {
                one.state = .init(word: value.string(in: bytes))
            } else if key.equals("time", in: bytes) {
                one.time = value.string(in: bytes)
            } else if key.equals("text", in: bytes) {
                one.text = value.string(in: bytes)
            } else if key.equals("textUrl", in: bytes) {
                one.textURL = value.string(in: bytes)
            } else if key.equals("textSize", in: bytes) {
                one.textSize = value.integer(in: bytes)
            }
        } while try cursor.hasNextMember(bytes)
        return one
    }
}
