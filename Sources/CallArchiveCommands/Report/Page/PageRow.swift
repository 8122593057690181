import CallArchive
import FoundationEssentials
import Platform

/// One recording as the page's script reads it: an array, short because there are many of them.
///
/// Its places: 0 id, 1 status, 2 start (ms; a text when it is no time), 3 seconds, 4 bytes,
/// 5 folder, 6 file name with `*` for the id, 7 format, 8 call, 9 sequence, 10 archived at (s),
/// 11 waveforms of the channels, 12 error, 13 the provider's state unless complete, 14 and 15
/// who called whom, 16 the transcription's path below the archive (1: the audio's, ending in
/// `.txt`). `null` stands for what is not known and is left out at the end; 0 as folder or format:
/// as in the row before.
struct PageRow {
    private var text = JSONText()
    private var nulls = 0
    private var folder: String?
    private var format: String?

    /// Forgets the row before; each block of rows stands for itself.
    mutating func begin() {
        folder = nil
        format = nil
    }

    mutating func bytes(_ entry: ArchiveEntry, _ waveform: Waveform?) -> [UInt8] {
        text.removeAll()
        nulls = 0
        text.raw("[")
        text.string(entry.id)
        put { $0.integer(ArchiveStatus.allCases.firstIndex(of: entry.status) ?? 0) }
        start(entry)
        put(Self.seconds(entry)) { $0.decimal($1) }
        put(entry.bytes) { $0.integer($1) }
        place(entry)
        repeated(entry.audio.map(Self.format), \.format)
        put(entry.call.map(Self.call)) { $0.string($1) }
        put(entry.sequence) { $0.integer($1) }
        put(entry.archivedAt?.seconds) { $0.integer($1) }
        put(waveform.map(Self.shape)) { $0.string($1) }
        put(entry.error, Self.error)
        put(entry.state == "complete" ? nil : entry.state) { $0.string($1) }
        put(entry.callDetails?.from) { $0.string($1) }
        put(entry.callDetails?.to) { $0.string($1) }
        transcription(entry)
        text.raw("]")
        return Self.inScript(text.bytes)
    }

    // MARK: - Places

    private mutating func put(_ write: (inout JSONText) -> Void) {
        for _ in 0..<nulls { text.raw(",null") }
        nulls = 0
        text.raw(",")
        write(&text)
    }

    private mutating func put<Value>(_ value: Value?, _ write: (inout JSONText, Value) -> Void) {
        guard let value else {
            nulls += 1
            return
        }
        put { write(&$0, value) }
    }

    private mutating func repeated(_ value: String?, _ last: WritableKeyPath<Self, String?>) {
        if let value, value == self[keyPath: last] {
            put { $0.raw("0") }
            return
        }
        put(value) { $0.string($1) }
        if value != nil { self[keyPath: last] = value }
    }

    private mutating func start(_ entry: ArchiveEntry) {
        if let start = entry.startTime.flatMap(Timestamp.init(iso8601:)) {
            put { $0.integer(start.milliseconds) }
        } else {
            put(entry.startTime) { $0.string($1) }
        }
    }

    private mutating func place(_ entry: ArchiveEntry) {
        let (parent, name) = entry.file.map(ReplacedFile.split) ?? ("", "")
        repeated(entry.file == nil ? nil : parent, \.folder)
        put(entry.file == nil ? nil : Self.shortened(name, id: entry.id)) { $0.string($1) }
    }

    private mutating func transcription(_ entry: ArchiveEntry) {
        guard let file = entry.transcription?.file else { return }
        let audio = entry.file ?? ""
        let isBeside = audio.lastIndex(of: ".").map { audio[..<$0] + ".txt" == file } ?? false
        put {
            if isBeside { $0.integer(1) } else { $0.string(file) }
        }
    }

    // MARK: - Values

    /// As long as the audio says; else as the provider's times say.
    private static func seconds(_ entry: ArchiveEntry) -> Double? {
        if let seconds = entry.audio?.durationSeconds { return (seconds * 100).rounded() / 100 }
        guard let start = entry.startTime.flatMap(Timestamp.init(iso8601:)),
            let end = entry.endTime.flatMap(Timestamp.init(iso8601:)), end >= start
        else { return nil }
        return Double(end.milliseconds - start.milliseconds) / 1000
    }

    /// `*` never stands in a name itself.
    private static func shortened(_ name: String, id: String) -> String {
        guard !id.isEmpty, !name.contains("*"), let range = name.firstRange(of: id) else {
            return name
        }
        return name[..<range.lowerBound] + "*" + name[range.upperBound...]
    }

    /// As `wav/pcm_s16le/8000/1`.
    private static func format(_ audio: AudioProperties) -> String {
        [
            audio.container, audio.encoding ?? "", audio.sampleRate.map { "\($0)" } ?? "",
            audio.channels.map { "\($0)" } ?? "",
        ].joined(separator: "/")
    }

    /// The last part of the call's URL is its id.
    private static func call(_ url: String) -> String {
        guard let slash = url.lastIndex(of: "/") else { return url }
        let name = url[url.index(after: slash)...]
        return name.isEmpty ? url : String(name)
    }

    private static func shape(_ waveform: Waveform) -> String {
        waveform.channels.map { Data($0).base64EncodedString() }.joined(separator: ",")
    }

    private static func error(_ text: inout JSONText, _ error: FailureRecord) {
        text.raw("[")
        text.string(error.code)
        text.raw(",")
        text.string(error.message)
        text.raw(",")
        text.integer(error.attempts)
        if let last = error.lastAttemptAt {
            text.raw(",")
            text.integer(last.seconds)
        }
        text.raw("]")
    }

    /// JSON as it may stand in a script element: nothing in it can end the element, since `<`
    /// stands in strings only and is escaped there.
    static func inScript(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(UInt8(ascii: "<")) else { return json }
        var result: [UInt8] = []
        result.reserveCapacity(json.count + 64)
        for byte in json {
            if byte == UInt8(ascii: "<") {
                result += #"\u003c"#.utf8
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
