import Glibc
package import Platform

/// A run's notes on its parts, one JSON line each, written as things happen.
///
/// A line costs a microsecond and survives a kill, so that a part that was whole, or large, is
/// not fetched again though the catalog hadn't heard of it. The next start reads and removes it.
package final class PartJournal: Sendable {
    package static let name = "journal"

    private let archive: ArchiveFolder
    // Appended to from all lanes: O_APPEND keeps each line whole.
    private let descriptor: Descriptor

    /// Starts an empty journal.
    package init(_ archive: ArchiveFolder) throws(SystemCallError) {
        self.archive = archive
        try archive.removePart(Self.name)
        descriptor = try archive.kernel.open(
            at: archive.partial.number, Self.name,
            flags: O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW,
            naming: archive.partPath(Self.name))
    }

    /// A part was begun or has come to a checkpoint, and what vouches for it.
    func opened(
        _ part: String, id: String, _ partial: Partial
    ) throws(SystemCallError) {
        var line = JSONText(reserving: 256)
        line.raw("{")
        line.key("part")
        line.string(part)
        Self.append("id", id, to: &line)
        Self.append("etag", partial.etag, to: &line)
        Self.append("lastModified", partial.lastModified, to: &line)
        if let total = partial.total {
            line.nextKey("total")
            line.integer(total)
        }
        if let checkpoint = partial.checkpoint {
            line.nextKey("checkedSHA256")
            line.hex(checkpoint.sha256.span)
            line.nextKey("checkedBytes")
            line.integer(checkpoint.size)
        }
        line.raw("}\n")
        try write(line)
    }

    /// A part is whole and passed the gate.
    func finished(_ part: FinishedPart) throws(SystemCallError) {
        var line = JSONText(reserving: 512)
        line.raw("{")
        line.key("part")
        line.string(part.part)
        Self.append("id", part.id, to: &line)
        line.nextKey("sha256")
        let sha256 = part.sha256
        line.hex(sha256.span)
        Self.append("contentType", part.contentType, to: &line)
        Self.append("etag", part.etag, to: &line)
        Self.append("lastModified", part.lastModified, to: &line)
        line.nextKey("bytes")
        line.integer(part.bytes)
        line.raw("}\n")
        try write(line)
    }

    private static func append(_ name: StaticString, _ value: String?, to line: inout JSONText) {
        guard let value else { return }
        line.nextKey(name)
        line.string(value)
    }

    /// The run's end: the catalog knows of all that is left.
    package func remove() throws(SystemCallError) {
        try archive.removePart(Self.name)
    }

    private func write(_ line: JSONText) throws(SystemCallError) {
        try unsafe line.withBytes { bytes throws(SystemCallError) in
            try unsafe archive.kernel.write(
                descriptor.number, bytes, naming: archive.partPath(Self.name))
        }
    }

    /// The last line of each part, of the journal that an earlier run left; only those that
    /// `isWanted` says yes to are held.
    static func read(
        _ archive: ArchiveFolder, _ isWanted: (JournalLine) -> Bool
    ) throws(SystemCallError) -> [String: JournalLine] {
        guard let part = try archive.openPart(name) else { return [:] }
        var lines: [String: JournalLine] = [:]
        var rest: [UInt8] = []
        var offset: Int64 = 0
        while true {
            let bytes = try part.read(at: offset, count: 256 << 10)
            if bytes.isEmpty { break }
            offset += Int64(bytes.count)
            rest += bytes
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if let line = JournalLine(Array(rest[start..<end])), isWanted(line) {
                    lines[line.part] = line
                }
                start = end + 1
            }
            rest.removeFirst(start)
        }
        return lines
    }
}

/// One line of the journal.
package struct JournalLine: Sendable, Equatable {
    package var part: String
    package var id: String
    package var partial: Partial
    /// Set when the part was whole, as are the bytes.
    package var sha256: [UInt8]?
    package var bytes: Int64?
    package var contentType: String?

    /// nil for a line that was cut off or is none of ours.
    package init?(_ text: [UInt8]) {
        var members: [String: JSONSlice] = [:]
        let bytes = text.span
        var cursor = JSONCursor()
        do throws(JSONError) {
            if try cursor.enterObject(bytes) {
                repeat {
                    let key = try cursor.key(bytes).string(in: bytes) ?? ""
                    members[key] = try cursor.value(bytes)
                } while try cursor.hasNextMember(bytes)
            }
            try cursor.expectEnd(bytes)
        } catch {
            return nil
        }
        guard let part = members["part"]?.string(in: bytes),
            let id = members["id"]?.string(in: bytes)
        else { return nil }
        self.part = part
        self.id = id
        partial = Partial(
            etag: members["etag"]?.string(in: bytes),
            lastModified: members["lastModified"]?.string(in: bytes),
            total: members["total"]?.integer(in: bytes))
        if let size = members["checkedBytes"]?.integer(in: bytes),
            let sha256 = members["checkedSHA256"]?.string(in: bytes).flatMap(Hex.bytes)
        {
            partial.checkpoint = Checkpoint(size: size, sha256: sha256)
        }
        sha256 = members["sha256"]?.string(in: bytes).flatMap(Hex.bytes)
        self.bytes = members["bytes"]?.integer(in: bytes)
        contentType = members["contentType"]?.string(in: bytes)
    }
}
