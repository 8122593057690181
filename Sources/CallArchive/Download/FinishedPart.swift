/// A recording whose bytes are all there, passed by the gate, under its part's name.
package struct FinishedPart: Sendable {
    package var row: Int64
    package var id: String
    package var startTime: String?
    package var part: String
    package var bytes: Int64
    package var sha256: [UInt8]
    package var contentType: String?
    package var etag: String?
    package var lastModified: String?
    package var audio: AudioProperties
}
