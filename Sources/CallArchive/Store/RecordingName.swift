package import Platform
import Transfer

/// Where a recording lies in the archive: folder by day, file by start time and id.
///
/// The id is untrusted: what is not `[A-Za-z0-9._-]`, and a leading dot or dash, becomes `%HH`.
/// A file name has at most 200 bytes; a longer one is cut and ends in `~` and 16 hex digits of
/// the id's SHA-256, as does one whose name another id holds. `~` never stands for itself in an
/// id, so that no id can imitate that ending.
package struct RecordingName: Sendable, Hashable {
    package static let longest = 200
    /// Of recordings whose start is unknown.
    package static let undatedFolder = "recordings/undated"

    /// Below the archive, as `recordings/2013/02/08`.
    package let folder: String
    package let file: String

    /// - Parameters:
    ///   - fileExtension: without its dot.
    ///   - collided: another id holds the plain name, or one that differs in case only.
    ///   - idHash: the id's SHA-256 in lower-case hex, at least 16 digits; asked only when needed.
    package init(
        id: String, start: Timestamp?, fileExtension: String, collided: Bool = false,
        idHash: () -> String
    ) {
        folder = start.map { "recordings/" + $0.dayPath } ?? Self.undatedFolder
        let stamp = start.map { $0.compactUTC + "_" } ?? ""
        let ending = "." + fileExtension
        let encoded = Self.encode(id)
        let room = Self.longest - stamp.utf8.count - ending.utf8.count
        guard collided || encoded.isEmpty || encoded.count > room else {
            file = stamp + String(decoding: encoded, as: UTF8.self) + ending
            return
        }
        let mark = "~" + idHash().prefix(16)
        let kept = Self.cut(encoded, to: max(room - mark.utf8.count, 0))
        file = stamp + String(decoding: kept, as: UTF8.self) + mark + ending
    }

    /// Below the archive.
    package var path: String { folder + "/" + file }

    /// Equal for two paths that a file system without case would take for one.
    package static func caseFolded(_ path: String) -> String { path.lowercased() }

    private static func encode(_ id: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(id.utf8.count)
        for byte in id.utf8 {
            if isAllowed(byte, first: output.isEmpty) {
                output.append(byte)
            } else {
                PercentEncoding.append(byte, to: &output)
            }
        }
        return output
    }

    private static func isAllowed(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "-"): !first
        default: false
        }
    }

    /// At most `count` bytes, never half of a `%HH`.
    private static func cut(_ encoded: [UInt8], to count: Int) -> ArraySlice<UInt8> {
        var kept = encoded.prefix(count)
        if let percent = kept.suffix(2).firstIndex(of: UInt8(ascii: "%")),
            encoded.count > kept.count
        {
            kept = kept[..<percent]
        }
        return kept
    }
}
