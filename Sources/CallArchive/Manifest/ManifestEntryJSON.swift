import Platform

/// An entry of the manifest as JSON, its members in the documented order, absent ones `null`.
package enum ManifestEntryJSON {
    /// One line without its end; what `export` writes as ndjson and events carry.
    package static func bytes(_ entry: ArchiveEntry) -> [UInt8] {
        var text = JSONText()
        append(entry, to: &text)
        return text.bytes
    }

    package static func append(_ entry: some EntryFields, to text: inout JSONText) {
        text.raw("{")
        appendMembers(entry, to: &text)
        text.raw("}")
    }

    /// The members without the braces, for an object that has more of them.
    package static func appendMembers(_ entry: some EntryFields, to text: inout JSONText) {
        text.key("id")
        text.value(entry, .id)
        text.member("state", entry, .state)
        text.member("status", entry.status.rawValue)
        text.member("startTime", entry, .startTime)
        text.member("endTime", entry, .endTime)
        text.member("call", entry, .call)
        text.member("media", entry, .media)
        text.member("file", entry, .file)
        text.member("bytes", entry.bytes)
        text.member("sha256", entry, .sha256)
        text.member("contentType", entry, .contentType)
        text.member("etag", entry, .etag)
        text.member("lastModified", entry, .lastModified)
        text.nextKey("audio")
        append(entry.audio, to: &text)
        text.member("archivedAt", entry.archivedAt)
        text.member("sequence", entry.sequence)
        text.nextKey("listed")
        text.boolean(entry.listed)
        text.nextKey("error")
        append(entry.error, to: &text)
        appendExtras(entry, to: &text)
    }

    package static func append(_ audio: AudioProperties?, to text: inout JSONText) {
        guard let audio else { return text.null() }
        text.raw("{")
        text.key("container")
        text.string(audio.container)
        text.member("encoding", audio.encoding)
        text.member("channels", audio.channels)
        text.member("sampleRate", audio.sampleRate)
        text.nextKey("durationSeconds")
        if let seconds = audio.durationSeconds { text.decimal(seconds) } else { text.null() }
        text.raw("}")
    }

    package static func append(_ error: FailureRecord?, to text: inout JSONText) {
        guard let error else { return text.null() }
        text.raw("{")
        text.key("code")
        text.string(error.code)
        text.member("message", error.message)
        text.member("attempts", error.attempts)
        text.member("lastAttemptAt", error.lastAttemptAt)
        text.raw("}")
    }
}

/// Members behind the first one: a comma, the name, and the value or `null`.
extension JSONText {
    mutating func member(_ name: StaticString, _ value: String?) {
        nextKey(name)
        if let value { string(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
        nextKey(name)
        if let value { integer(value) } else { null() }
    }

    mutating func member(_ name: StaticString, _ value: Timestamp?) {
        nextKey(name)
        if let value { time(value) } else { null() }
    }

    fileprivate mutating func member(
        _ name: StaticString, _ entry: some EntryFields, _ field: EntryText
    ) {
        nextKey(name)
        value(entry, field)
    }

    fileprivate mutating func value(_ entry: some EntryFields, _ field: EntryText) {
        if !entry.withText(field, { string(utf8: $0) }) { null() }
    }
}
