/// One page of the provider's listing: a JSON array of recordings.
package struct CatapultPage: Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Hands out each row in order, unreadable ones too, and gives their number.
    ///
    /// Throws when the whole is no array or is cut short: rows before that place were handed out
    /// by then and are good, but the page must be asked for again.
    @discardableResult
    package func forEachRow(_ body: (CatapultRow) -> Void) throws(PageError) -> Int {
        try forEachValue {
            (cursor: inout JSONCursor, span: Span<UInt8>, number: Int) throws(JSONError) in
            body(try CatapultRow(page: bytes, number: number, cursor: &cursor, bytes: span))
        }
    }

    /// Hands out the place of each element, which `body` reads to its end, and gives their number.
    @discardableResult
    func forEachValue(
        _ body: (inout JSONCursor, Span<UInt8>, Int) throws(JSONError) -> Void
    ) throws(PageError) -> Int {
        let span = bytes.span
        var cursor = JSONCursor()
        cursor.skipByteOrderMark(span)
        guard cursor.peek(span) == .array else { throw whatItIs() }
        var number = 0
        do throws(JSONError) {
            if try cursor.enterArray(span) {
                repeat {
                    number += 1
                    try body(&cursor, span, number)
                } while try cursor.hasNextElement(span)
            }
            try cursor.expectEnd(span)
        } catch {
            throw .malformed(error)
        }
        return number
    }

    /// All rows as recordings, those that can't be read with their reasons.
    package func listing() throws(PageError) -> ListingPage {
        var page = ListingPage(recordings: [])
        try forEachRow { row in
            do throws(UnreadableRow) {
                page.recordings.append(try row.recording())
            } catch {
                page.unreadable.append(error.description)
            }
        }
        return page
    }

    private func whatItIs() -> PageError {
        let span = bytes.span
        var cursor = JSONCursor()
        cursor.skipByteOrderMark(span)
        let kind = cursor.peek(span)
        if cursor.offset == span.count { return .empty }
        if BodyExcerpt.looksLikeHTML(bytes) { return .html(BodyExcerpt.text(bytes)) }
        do throws(JSONError) {
            let value = try cursor.value(span)
            try cursor.expectEnd(span)
            if let body = CatapultErrorBody(Array(bytes[value.range])) { return .errorBody(body) }
            return .otherJSON(value.kind.word)
        } catch {
            return kind == .object ? .malformed(error) : .text(BodyExcerpt.text(bytes))
        }
    }
}
