// Members behind `error`, in archives that keep them.
extension ManifestEntryJSON {
    static func appendExtras(_ entry: some EntryFields, to text: inout JSONText) {
        if entry.extras.contains(.calls) {
            text.nextKey("callDetails")
            append(entry.callDetails, to: &text)
        }
        if entry.extras.contains(.transcriptions) {
            text.nextKey("transcription")
            append(entry.transcription, to: &text)
        }
    }

    package static func append(_ details: CallDetails?, to text: inout JSONText) {
        guard let details else { return text.null() }
        text.raw("{")
        text.key("from")
        if let from = details.from { text.string(from) } else { text.null() }
        text.member("to", details.to)
        text.member("direction", details.direction)
        text.member("startTime", details.startTime)
        text.member("endTime", details.endTime)
        text.raw("}")
    }

    package static func append(_ transcription: Transcription?, to text: inout JSONText) {
        guard let transcription else { return text.null() }
        text.raw("{")
        text.key("state")
        text.string(transcription.state)
        text.member("file", transcription.file)
        text.member("bytes", transcription.bytes)
        text.member("sha256", transcription.sha256)
        text.raw("}")
    }

    static func callDetails(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> CallDetails? {
        var details = CallDetails()
        let isObject = try forEachMember(&cursor, bytes) { name, value in
            let text = value.string(in: bytes)
            switch name {
            case "from": details.from = text
            case "to": details.to = text
            case "direction": details.direction = text
            case "startTime": details.startTime = text
            case "endTime": details.endTime = text
            default: break
            }
        }
        return isObject ? details : nil
    }

    static func transcription(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Transcription? {
        var transcription = Transcription(state: "")
        _ = try forEachMember(&cursor, bytes) { name, value in
            switch name {
            case "state": transcription.state = value.string(in: bytes) ?? ""
            case "file": transcription.file = value.string(in: bytes)
            case "bytes": transcription.bytes = value.integer(in: bytes)
            case "sha256": transcription.sha256 = value.string(in: bytes)
            default: break
            }
        }
        return transcription.state.isEmpty ? nil : transcription
    }

    /// False for anything but an object, which is skipped.
    private static func forEachMember(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ body: (String?, JSONSlice) -> Void
    ) throws(JSONError) -> Bool {
        guard cursor.peek(bytes) == .object else {
            _ = try cursor.value(bytes)
            return false
        }
        guard try cursor.enterObject(bytes) else { return true }
        repeat {
            let key = try cursor.key(bytes)
            body(key.string(in: bytes), try cursor.value(bytes))
        } while try cursor.hasNextMember(bytes)
        return true
    }
}
