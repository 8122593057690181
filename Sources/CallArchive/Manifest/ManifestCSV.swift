import Platform

/// The manifest's entries as comma-separated values by RFC 4180; absent ones are empty.
package enum ManifestCSV {
    /// The members' names, in the manifest's order, objects flattened.
    package static let columns = [
        "id", "state", "status", "startTime", "endTime", "call", "media", "file", "bytes",
        "sha256", "contentType", "etag", "lastModified", "audio.container", "audio.encoding",
        "audio.channels", "audio.sampleRate", "audio.durationSeconds", "archivedAt", "sequence",
        "listed", "error.code", "error.message", "error.attempts", "error.lastAttemptAt",
    ]

    /// Those of members that only some archives keep; they come last.
    package static func columns(_ extras: EntryExtras) -> [String] {
        var columns = columns
        if extras.contains(.calls) {
            columns += ["from", "to", "direction", "startTime", "endTime"].map {
                "callDetails.\($0)"
            }
        }
        if extras.contains(.transcriptions) {
            columns += ["state", "file", "bytes", "sha256"].map { "transcription.\($0)" }
        }
        return columns
    }

    package static func header(_ extras: EntryExtras = []) -> [UInt8] {
        line(columns(extras))
    }

    package static func row(_ entry: ArchiveEntry) -> [UInt8] {
        let audio = entry.audio
        let error = entry.error
        var fields = [
            entry.id, entry.state, entry.status.rawValue, entry.startTime, entry.endTime,
            entry.call, entry.media, entry.file, entry.bytes.map { String($0) }, entry.sha256,
            entry.contentType, entry.etag, entry.lastModified, audio?.container, audio?.encoding,
            audio?.channels.map { String($0) }, audio?.sampleRate.map { String($0) },
            audio?.durationSeconds.flatMap(JSONText.plainDecimal), entry.archivedAt?.iso8601,
            entry.sequence.map { String($0) }, entry.listed ? "true" : "false", error?.code,
            error?.message, error.map { String($0.attempts) }, error?.lastAttemptAt?.iso8601,
        ]
        if entry.extras.contains(.calls) {
            let call = entry.callDetails
            fields += [call?.from, call?.to, call?.direction, call?.startTime, call?.endTime]
        }
        if entry.extras.contains(.transcriptions) {
            let text = entry.transcription
            fields += [text?.state, text?.file, text?.bytes.map { String($0) }, text?.sha256]
        }
        return line(fields)
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
