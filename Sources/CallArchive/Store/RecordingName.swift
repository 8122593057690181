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

    /// Below the archive, as `recordings/2013/02/08/20130208T131547Z_x.wav`.
    package let path: String
    private let folderLength: Int

    /// - Parameters:
    ///   - fileExtension: without its dot.
    ///   - collided: another id holds the plain name, or one that differs in case only.
    ///   - idHash: the id's SHA-256 in lower-case hex, at least 16 digits; asked only when needed.
    package init(
        id: String, start: Timestamp?, fileExtension: String, collided: Bool = false,
        idHash: () -> String
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + id.utf8.count)
        if let start {
            bytes.append(contentsOf: "recordings/".utf8)
            start.appendDayPath(to: &bytes)
        } else {
            bytes.append(contentsOf: Self.undatedFolder.utf8)
        }
        folderLength = bytes.count
        bytes.append(UInt8(ascii: "/"))
        if let start {
            start.appendCompactUTC(to: &bytes)
            bytes.append(UInt8(ascii: "_"))
        }
        let stem = bytes.count
        Self.encode(id, to: &bytes)
        // The slash is not of the file's name, the ending's dot is.
        let room = Self.longest + folderLength - fileExtension.utf8.count
        if collided || bytes.count == stem || bytes.count > room {
            let mark = "~" + idHash().prefix(16)
            Self.cut(&bytes, to: max(room - mark.utf8.count, stem), from: stem)
            bytes.append(contentsOf: mark.utf8)
        }
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: fileExtension.utf8)
        path = String(decoding: bytes, as: UTF8.self)
    }

    package var folder: String { String(path.utf8.prefix(folderLength)) ?? "" }

    package var file: String { String(path.utf8.dropFirst(folderLength + 1)) ?? "" }

    /// Equal for two paths that a file system without case would take for one.
    package static func caseFolded(_ path: String) -> String { path.lowercased() }

    private static func encode(_ id: String, to output: inout [UInt8]) {
        var isFirst = true
        for byte in id.utf8 {
            if isAllowed(byte, first: isFirst) {
                output.append(byte)
            } else {
                PercentEncoding.append(byte, to: &output)
            }
            isFirst = false
        }
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

    /// Cuts to `count` bytes in all, never within a `%HH` behind the first `start` bytes.
    private static func cut(_ bytes: inout [UInt8], to count: Int, from start: Int) {
        guard bytes.count > count else { return }
        let tail = bytes[max(start, count - 2)..<count]
        let end = tail.firstIndex(of: UInt8(ascii: "%")) ?? count
        bytes.removeLast(bytes.count - end)
    }
}
