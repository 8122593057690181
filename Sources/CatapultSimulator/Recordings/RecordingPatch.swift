/// A change to a generated recording, or a recording of its own when the id is a new one.
///
/// Also the JSON of the control path's `/_control/recordings`. What is nil stays as it is.
package struct RecordingPatch: Sendable, Codable, Equatable {
    package var id: String
    /// `recording`, `saving`, `complete`, `error`, or any other word.
    package var state: String?
    /// Key `status` and value `completed`.
    package var oldSpelling: Bool?
    /// Milliseconds since 1970.
    package var startTime: Int64?
    package var mediaName: String?
    package var callID: String?
    package var kind: AudioKind?
    /// Bytes of the media.
    package var size: Int64?
    /// Another number gives other bytes and another ETag.
    package var version: Int?
    /// Put in place of the usual members or beside them. `{base}`, `{origin}` and `{user}` in
    /// them are replaced. A `media` below `{origin}` is served at that path too.
    package var members: [String: JSONValue]?
    /// Members to leave out.
    package var omit: [String]?
    /// The whole row of the listing as text, for what JSON itself forbids.
    package var raw: String?
    /// A new recording comes first in the listing, not last.
    package var head: Bool?

    package init(
        id: String, state: String? = nil, oldSpelling: Bool? = nil, startTime: Int64? = nil,
        mediaName: String? = nil, callID: String? = nil, kind: AudioKind? = nil,
        size: Int64? = nil, version: Int? = nil, members: [String: JSONValue]? = nil,
        omit: [String]? = nil, raw: String? = nil, head: Bool? = nil
    ) {
        self.id = id
        self.state = state
        self.oldSpelling = oldSpelling
        self.startTime = startTime
        self.mediaName = mediaName
        self.callID = callID
        self.kind = kind
        self.size = size
        self.version = version
        self.members = members
        self.omit = omit
        self.raw = raw
        self.head = head
    }

    /// This patch with what the other one says put over it.
    func merged(with other: RecordingPatch) -> RecordingPatch {
        RecordingPatch(
            id: id, state: other.state ?? state, oldSpelling: other.oldSpelling ?? oldSpelling,
            startTime: other.startTime ?? startTime, mediaName: other.mediaName ?? mediaName,
            callID: other.callID ?? callID, kind: other.kind ?? kind, size: other.size ?? size,
            version: other.version ?? version, members: other.members ?? members,
            omit: other.omit ?? omit, raw: other.raw ?? raw, head: other.head ?? head)
    }

    func applied(to row: RecordingRow) -> RecordingRow {
        var row = row
        if let state { row.state = state }
        if let oldSpelling { row.isOldSpelling = oldSpelling }
        if let startTime { row.startTime = startTime }
        if let mediaName { row.mediaName = mediaName }
        if let callID { row.callID = callID }
        if kind != nil || size != nil {
            row.shape = MediaShape(kind: kind ?? row.shape.kind, size: size ?? row.shape.size)
        }
        if let version { row.version = version }
        if let members { row.members = members }
        if let omit { row.omitted = Set(omit) }
        if let raw { row.raw = raw }
        return row
    }
}
