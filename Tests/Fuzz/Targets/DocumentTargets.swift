import CallArchive
import Platform

/// A page of the provider's listing, and the names that its ids would get.
func feedPage(_ bytes: [UInt8]) {
    var rows = 0
    let number = try? CatapultPage(bytes).forEachRow { row in
        rows += 1
        expect(row.number == rows, "rows are counted wrongly")
        guard let recording = try? row.recording() else { return }
        expect(!recording.id.isEmpty, "a recording without an id")
        let name = RecordingName(
            id: recording.id, start: recording.start, fileExtension: "wav",
            idHash: { Digester.sha256Hex(recording.id) })
        expect(name.file.utf8.count <= RecordingName.longest, "a name too long")
        expect(
            name.file.utf8.allSatisfy { byte in
                byte.isLetterOrDigit || "._-%~".utf8.contains(byte)
            }, "a name with bytes that are not allowed")
        expect(!name.file.hasPrefix(".") && !name.file.hasPrefix("-"), "a name with such a start")
    }
    expect(number.map { $0 == rows } ?? true, "the number of rows is not theirs")
    _ = try? CatapultPage(bytes).listing()
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        self &- UInt8(ascii: "0") <= 9 || (self | 0x20) &- UInt8(ascii: "a") <= 25
    }
}

/// A file that came from the provider.
func feedAudio(_ bytes: [UInt8]) {
    let verdict = AudioInspector.inspect(BytesInMemory(bytes))
    guard case .accepted(let audio, _) = verdict else { return }
    expect(["wav", "mp3"].contains(audio.container), "a container without an extension")
    expect(audio.durationSeconds.map { $0 >= 0 && $0.isFinite } ?? true, "no duration")
    expect(bytes.count > 4, "audio in so few bytes")
}

/// A manifest that may have been edited; what is read is written and read again as the same.
func feedManifest(_ bytes: [UInt8]) {
    var entries: [ArchiveEntry] = []
    _ = try? ManifestReader(bytes.span) { entries.append($0) }
    for entry in entries {
        let line = ManifestEntryJSON.bytes(entry)
        var cursor = JSONCursor()
        let again = try? ManifestEntryJSON.read(&cursor, line.span)
        guard let again else { preconditionFailure("an entry that can't be read again") }
        expect(ManifestEntryJSON.bytes(again) == line, "an entry that is another when read again")
        _ = ManifestCSV.row(entry)
    }
    for line in bytes.split(separator: 0x0A) { _ = ChecksumLine(line: line) }
}

/// A line of the journal, maybe torn.
func feedJournal(_ bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0A) {
        guard let note = JournalLine(Array(line)) else { continue }
        _ = ResumePlan(size: note.bytes ?? note.partial.total ?? 1, partial: note.partial)
    }
}
