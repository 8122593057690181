/// One row of a page, scanned but not copied: what is not asked for costs nothing.
///
/// It keeps the page's bytes alive; hold a `Recording` instead of it.
package struct CatapultRow: Sendable {
    private let page: [UInt8]
    /// Of the row in its page, from 1.
    package let number: Int
    /// Anything but an object has no members.
    private let kind: JSONSlice.Kind
    private var idSlice: JSONSlice?
    private var state: JSONSlice?
    private var status: JSONSlice?
    private var startTime: JSONSlice?
    private var endTime: JSONSlice?
    private var call: JSONSlice?
    private var media: JSONSlice?

    /// Reads the row that begins at the cursor and leaves the cursor behind it.
    init(
        page: [UInt8], number: Int, cursor: inout JSONCursor, bytes: Span<UInt8>
    ) throws(JSONError) {
        self.page = page
        self.number = number
        guard cursor.peek(bytes) == .object else {
            kind = try cursor.value(bytes).kind
            return
        }
        kind = .object
        var members = Members()
        if try cursor.enterObject(bytes) {
            repeat {
                let key = try cursor.key(bytes)
                let value = try cursor.value(bytes)
                members.take(key, value, bytes)
            } while try cursor.hasNextMember(bytes)
        }
        idSlice = members.id
        state = members.state
        status = members.status
        startTime = members.startTime
        endTime = members.endTime
        call = members.call
        media = members.media
    }

    /// The provider's id, a number's as its digits; nil when the row has none to go by.
    package var id: String? {
        guard let text = idSlice?.stringOrNumber(in: page.span), !text.isEmpty else { return nil }
        return text
    }

    /// The whole recording. A member of a wrong type counts as absent.
    package func recording() throws(UnreadableRow) -> Recording {
        guard let id else { throw UnreadableRow(number: number, reason: problem) }
        let bytes = page.span
        return Recording(
            id: id,
            state: RecordingState(word: state?.string(in: bytes) ?? status?.string(in: bytes)),
            startTime: startTime?.string(in: bytes),
            endTime: endTime?.string(in: bytes),
            call: call?.string(in: bytes),
            media: media?.string(in: bytes))
    }

    private var problem: String {
        guard kind == .object else { return "it is \(kind.word), not an object" }
        guard let idSlice else { return "it has no id" }
        guard idSlice.kind == .string else { return "its id is \(idSlice.kind.word)" }
        return idSlice.content.isEmpty ? "its id is empty" : "its id is no valid text"
    }

    /// The members looked for; of one that is given twice the last counts.
    private struct Members {
        var id: JSONSlice?
        var state: JSONSlice?
        var status: JSONSlice?
        var startTime: JSONSlice?
        var endTime: JSONSlice?
        var call: JSONSlice?
        var media: JSONSlice?

        mutating func take(_ key: JSONSlice, _ value: JSONSlice, _ bytes: Span<UInt8>) {
            if key.equals("id", in: bytes) {
                id = value
            } else if key.equals("state", in: bytes) {
                state = value
            } else if key.equals("status", in: bytes) {
                status = value
            } else if key.equals("startTime", in: bytes) {
                startTime = value
            } else if key.equals("endTime", in: bytes) {
                endTime = value
            } else if key.equals("call", in: bytes) {
                call = value
            } else if key.equals("media", in: bytes) {
                media = value
            }
        }
    }
}

/// A row that names no recording; reported, never silently dropped.
package struct UnreadableRow: Error, Sendable, Equatable, CustomStringConvertible {
    /// In its page, from 1.
    package var number: Int
    package var reason: String

    package init(number: Int, reason: String) {
        self.number = number
        self.reason = reason
    }

    package var description: String { "row \(number): \(reason)" }
}
