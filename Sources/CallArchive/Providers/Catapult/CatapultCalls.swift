import Transfer

/// The provider's list of calls: `GET /users/{id}/calls`, the newest first, a thousand a page.
struct CatapultCalls: CallProvider {
    private let paging: CatapultPaging
    /// Longer numbers and addresses are none.
    private static let longestParty = 1024

    init(baseURL: String, account: String, pageSize: Int) throws(InvalidURL) {
        paging = try CatapultPaging(
            "calls", baseURL: baseURL, account: account, pageSize: pageSize)
    }

    func firstPage() -> PageCursor {
        PageCursor(url: paging.first)
    }

    func read(
        _ response: Response, at cursor: PageCursor
    ) throws(UnusableAnswer) -> (page: CallPage, then: PageContinuation) {
        var page = CallPage()
        do throws(PageError) {
            try CatapultPage(response.body).forEachValue {
                (cursor: inout JSONCursor, bytes: Span<UInt8>, _: Int) throws(JSONError) in
                if let call = try Self.call(&cursor, bytes) {
                    page.calls.append(call)
                } else {
                    page.unreadable += 1
                }
            }
        } catch {
            throw UnusableAnswer(reason: "\(error)")
        }
        return (
            page, paging.continuation(of: response, rowCount: page.rowCount, at: cursor)
        )
    }

    /// The last part of the call's URL.
    func callID(of call: String) -> String? {
        let path = call.prefix { $0 != "?" && $0 != "#" }
        guard let last = path.split(separator: "/").last, path.contains("/") else { return nil }
        return PercentEncoding.decoded(last)
    }

    /// nil for a row without an id to go by.
    private static func call(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> ListedCall? {
        guard cursor.peek(bytes) == .object else {
            _ = try cursor.value(bytes)
            return nil
        }
        guard try cursor.enterObject(bytes) else { return nil }
        var id: String?
        var details = CallDetails()
        repeat {
            let key = try cursor.key(bytes)
            let value = try cursor.value(bytes)
            if key.equals("id", in: bytes) {
                id = value.stringOrNumber(in: bytes)
            } else if key.equals("from", in: bytes) {
                details.from = text(value, bytes)
            } else if key.equals("to", in: bytes) {
                details.to = text(value, bytes)
            } else if key.equals("direction", in: bytes) {
                details.direction = text(value, bytes)
            } else if key.equals("startTime", in: bytes) {
                details.startTime = text(value, bytes)
            } else if key.equals("endTime", in: bytes) {
                details.endTime = text(value, bytes)
            }
        } while try cursor.hasNextMember(bytes)
        guard let id, !id.isEmpty else { return nil }
        return ListedCall(id: id, details: details)
    }

    private static func text(_ value: JSONSlice, _ bytes: Span<UInt8>) -> String? {
        value.range.count > longestParty ? nil : value.stringOrNumber(in: bytes)
    }
}
