import Transfer

/// How the provider's lists follow their pages, whatever is listed.
struct CatapultPaging: Sendable {
    /// The first page.
    let first: HTTPURL
    let origin: Origin
    let pageSize: Int

    /// The provider's documented default, and what others cap pages at.
    private static let usualPageSizes: Set<Int> = [25, 50, 100, 200, 250, 500]

    /// `baseURL` has no trailing slash; `pageSize` is 1 to 1000.
    init(
        _ resource: String, baseURL: String, account: String, pageSize: Int
    ) throws(InvalidURL) {
        first = try HTTPURL(
            "\(baseURL)/users/\(PercentEncoding.pathComponent(account))/\(resource)"
                + "?page=0&size=\(pageSize)")
        origin = first.origin
        self.pageSize = pageSize
    }

    /// What follows a page of so many rows.
    func continuation(
        of response: Response, rowCount: Int, at cursor: PageCursor
    ) -> PageContinuation {
        let next = NextPage(
            linkFields: response.head.all("link"), request: cursor.url, origin: origin)
        switch next {
        case .last: return .end
        case .refused(let reason): return .broken(reason)
        case .url(let url):
            return .next(PageCursor(url: url, number: cursor.number + 1, isLinked: true))
        case .notSaid:
            // A full page may have a successor; so may one of a size that servers cap pages at,
            // since they may not heed the size asked for.
            let isShort = rowCount < pageSize && !Self.usualPageSizes.contains(rowCount)
            if cursor.isLinked || isShort || rowCount == 0 { return .end }
            let number = cursor.number + 1
            let text = first.text.replacing("?page=0&", with: "?page=\(number)&")
            do throws(InvalidURL) {
                return .nextIfFresh(
                    PageCursor(
                        url: try HTTPURL(text), number: number,
                        isDoubtful: rowCount < pageSize))
            } catch {
                return .broken("\(error)")
            }
        }
    }
}
