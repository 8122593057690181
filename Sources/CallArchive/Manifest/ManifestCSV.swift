import Platform

/// The manifest's entries as comma-separated values by RFC 4180; absent ones are empty.
package enum ManifestCSV {
    /// The members' names, in the manifest's order, `audio` and `error` flattened.
    package static let columns = [
        "id", "state", "status", "startTime", "endTime", "call", "media", "file", "bytes",
        "sha256", "contentType", "etag", "lastModified", "audio.container", "audio.encoding",
        "audio.channels", "audio.sampleRate", "audio.durationSeconds", "archivedAt", "sequence",
        "listed", "error.code", "error.message", "error.attempts", "error.lastAttemptAt",
    ]

    package static func header() -> [UInt8] {
        line(columns)
    }

    package static func row(_ entry: ArchiveEntry) -> [UInt8] {
        let audio = entry.audio
        let error = entry.error
        return line([
            entry.id, entry.state, entry.status.rawValue, entry.startTime, entry.endTime,
            entry.call, entry.media, entry.file, entry.bytes.map { String($0) }, entry.sha256,
            entry.contentType, entry.etag, entry.lastModified, audio?.container, audio?.encoding,
            audio?.channels.map { String($0) }, audio?.sampleRate.map { String($0) },
            audio?.durationSeconds.flatMap(JSONText.plainDecimal), entry.archivedAt?.iso8601,
            entry.sequence.map { String($0) }, entry.listed ? "true" : "false", error?.code,
            error?.message, error.map { String($0.attempts) }, error?.lastAttemptAt?.iso8601,
        ])
    }

    private static func line(_ fields: [String?]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        for (place, field) in fields.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            append(field ?? "", to: &output)
        }
        output += [0x0D, 0x0A]
        return output
    }

    private static func append(_ field: String, to output: inout [UInt8]) {
        guard field.utf8.contains(where: needsQuotes) else {
            output.append(contentsOf: field.utf8)
            return
        }
        output.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0D || byte == 0x0A
    }
}
