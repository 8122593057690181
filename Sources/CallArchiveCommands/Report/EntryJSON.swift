package import CallArchive
import Platform

/// An entry in the manifest's form; a stopgap until the manifest's own encoder is there.
package func entryJSON(_ entry: ArchiveEntry) -> [UInt8] {
    let audio = entry.audio.map { audio in
        JSONValue.object([
            .init("container", .string(audio.container)),
            .init("encoding", .string(audio.encoding)),
            .init("channels", audio.channels.map { .integer($0) } ?? .null),
            .init("sampleRate", audio.sampleRate.map { .integer($0) } ?? .null),
            .init("durationSeconds", audio.durationSeconds.map { .number($0) } ?? .null),
        ])
    }
    let error = entry.error.map { error in
        JSONValue.object([
            .init("code", .string(error.code)), .init("message", .string(error.message)),
            .init("attempts", .integer(error.attempts)),
            .init("lastAttemptAt", .string(error.lastAttemptAt?.iso8601)),
        ])
    }
    let line = JSONValue.object([
        .init("id", .string(entry.id)), .init("state", .string(entry.state)),
        .init("status", .string(entry.status.rawValue)),
        .init("startTime", .string(entry.startTime)), .init("endTime", .string(entry.endTime)),
        .init("call", .string(entry.call)), .init("media", .string(entry.media)),
        .init("file", .string(entry.file)),
        .init("bytes", entry.bytes.map { .integer($0) } ?? .null),
        .init("sha256", .string(entry.sha256)), .init("contentType", .string(entry.contentType)),
        .init("etag", .string(entry.etag)), .init("lastModified", .string(entry.lastModified)),
        .init("audio", audio ?? .null),
        .init("archivedAt", .string(entry.archivedAt?.iso8601)),
        .init("sequence", entry.sequence.map { .integer($0) } ?? .null),
        .init("listed", .bool(entry.listed)), .init("error", error ?? .null),
    ]).line
    return line.dropLast()
}
