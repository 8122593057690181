import Platform

extension ManifestEntryJSON {
    /// Reads an entry at the cursor and leaves the cursor behind it.
    ///
    /// Members not known are skipped, those of a wrong type count as `null`, and a status that is
    /// not known is taken for `pending`. nil when it names no recording.
    package static func read(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> ArchiveEntry? {
        guard cursor.peek(bytes) == .object else {
            _ = try cursor.value(bytes)
            return nil
        }
        guard try cursor.enterObject(bytes) else { return nil }
        var entry = ArchiveEntry(id: "", status: .pending)
        repeat {
            let key = try cursor.key(bytes)
            if key.equals("audio", in: bytes), cursor.peek(bytes) == .object {
                entry.audio = try audio(&cursor, bytes)
            } else if key.equals("error", in: bytes), cursor.peek(bytes) == .object {
                entry.error = try failure(&cursor, bytes)
            } else if key.equals("callDetails", in: bytes) {
                entry.extras.insert(.calls)
                entry.callDetails = try callDetails(&cursor, bytes)
            } else if key.equals("transcription", in: bytes) {
                entry.extras.insert(.transcriptions)
                entry.transcription = try transcription(&cursor, bytes)
            } else {
                entry.take(key, try cursor.value(bytes), bytes)
            }
        } while try cursor.hasNextMember(bytes)
        return entry.id.isEmpty ? nil : entry
    }

    private static func audio(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> AudioProperties? {
        var audio = AudioProperties(container: "")
        guard try cursor.enterObject(bytes) else { return nil }
        repeat {
            let key = try cursor.key(bytes)
            let value = try cursor.value(bytes)
            if key.equals("container", in: bytes) {
                audio.container = value.string(in: bytes) ?? ""
            } else if key.equals("encoding", in: bytes) {
                audio.encoding = value.string(in: bytes)
            } else if key.equals("channels", in: bytes) {
                audio.channels = value.integer(in: bytes).flatMap { Int(exactly: $0) }
            } else if key.equals("sampleRate", in: bytes) {
                audio.sampleRate = value.integer(in: bytes).flatMap { Int(exactly: $0) }
            } else if key.equals("durationSeconds", in: bytes) {
                audio.durationSeconds = value.double(in: bytes)
            }
        } while try cursor.hasNextMember(bytes)
        return audio.container.isEmpty ? nil : audio
    }

    private static func failure(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> FailureRecord? {
        var failure = FailureRecord(code: "", message: "", attempts: 0)
        guard try cursor.enterObject(bytes) else { return nil }
        repeat {
            let key = try cursor.key(bytes)
            let value = try cursor.value(bytes)
            if key.equals("code", in: bytes) {
                failure.code = value.string(in: bytes) ?? ""
            } else if key.equals("message", in: bytes) {
                failure.message = value.string(in: bytes) ?? ""
            } else if key.equals("attempts", in: bytes) {
                failure.attempts = value.integer(in: bytes).flatMap { Int(exactly: $0) } ?? 0
            } else if key.equals("lastAttemptAt", in: bytes) {
                failure.lastAttemptAt = value.string(in: bytes).flatMap(Timestamp.init(iso8601:))
            }
        } while try cursor.hasNextMember(bytes)
        return failure
    }
}

extension ArchiveEntry {
    fileprivate mutating func take(_ key: JSONSlice, _ value: JSONSlice, _ bytes: Span<UInt8>) {
        let text = value.string(in: bytes)
        switch key.string(in: bytes) {
        case "id": id = text ?? ""
        case "state": state = text
        case "status": status = text.flatMap(ArchiveStatus.init(rawValue:)) ?? .pending
        case "startTime": startTime = text
        case "endTime": endTime = text
        case "call": call = text
        case "media": media = text
        case "file": file = text
        case "bytes": self.bytes = value.integer(in: bytes)
        case "sha256": sha256 = text
        case "contentType": contentType = text
        case "etag": etag = text
        case "lastModified": lastModified = text
        case "archivedAt": archivedAt = text.flatMap(Timestamp.init(iso8601:))
        case "sequence": sequence = value.integer(in: bytes)
        case "listed": listed = value.boolean ?? true
        default: break
        }
    }
}
