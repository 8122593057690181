package import Platform

/// A recording whose bytes are all there, passed by the gate, under its part's name.
///
/// Shared, since it goes from hand to hand.
package final class FinishedPart: Sendable {
    package let row: Int64
    package let id: String
    package let start: Timestamp?
    package let part: String
    package let bytes: Int64
    /// 32 bytes.
    package let sha256: [UInt8]
    package let contentType: String?
    package let etag: String?
    package let lastModified: String?
    package let audio: AudioProperties
    /// The catalog has a note of an earlier run on the part.
    let isNoted: Bool

    package init(
        row: Int64, id: String, start: Timestamp? = nil, part: String, bytes: Int64,
        sha256: [UInt8], contentType: String? = nil, etag: String? = nil,
        lastModified: String? = nil, audio: AudioProperties, isNoted: Bool = true
    ) {
        self.row = row
        self.id = id
        self.start = start
        self.part = part
        self.bytes = bytes
        self.sha256 = sha256
        self.contentType = contentType
        self.etag = etag
        self.lastModified = lastModified
        self.audio = audio
        self.isNoted = isNoted
    }
}
