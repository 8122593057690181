import Platform
package import Transfer

/// Bandwidth's Catapult API, version 1.
package struct CatapultProvider: RecordingProvider {
    package let name = "catapult"
    package let base: HTTPURL
    private let account: String
    private let pageSize: Int
    private let listing: HTTPURL

    /// The provider's documented default, and what others cap pages at.
    private static let usualPageSizes: Set<Int> = [25, 50, 100, 200, 250, 500]

    /// `baseURL` has no trailing slash; `pageSize` is 1 to 1000.
    package init(baseURL: String, account: String, pageSize: Int) throws(InvalidURL) {
        base = try HTTPURL(baseURL + "/")
        self.account = account
        self.pageSize = pageSize
        listing = try HTTPURL(
            "\(baseURL)/users/\(PercentEncoding.pathComponent(account))/recordings"
                + "?page=0&size=\(pageSize)")
    }

    package func firstPage() -> PageCursor {
        PageCursor(url: listing)
    }

    package func read(
        _ response: Response, at cursor: PageCursor
    ) throws(UnusablePage) -> (page: ListingPage, then: PageContinuation) {
        var page = ListingPage(recordings: [])
        do throws(PageError) {
            try CatapultPage(response.body).forEachRow { row in
                do throws(UnreadableRow) {
                    page.recordings.append(try row.recording())
                } catch {
                    page.unreadable.append(error.description)
                }
            }
        } catch {
            var next: PageCursor?
            if case .next(let cursor) = continuation(of: response, after: page, at: cursor) {
                next = cursor
            }
            throw UnusablePage(reason: "\(error)", rows: page, next: next)
        }
        return (page, continuation(of: response, after: page, at: cursor))
    }

    private func continuation(
        of response: Response, after page: ListingPage, at cursor: PageCursor
    ) -> PageContinuation {
        let next = NextPage(
            linkFields: response.head.all("link"), request: cursor.url, origin: base.origin)
        switch next {
        case .last: return .end
        case .refused(let reason): return .broken(reason)
        case .url(let url):
            return .next(PageCursor(url: url, number: cursor.number + 1, isLinked: true))
        case .notSaid:
            // A full page may have a successor; so may one of a size that servers cap pages at,
            // since they may not heed the size asked for.
            let isShort =
                page.rowCount < pageSize && !Self.usualPageSizes.contains(page.rowCount)
            if cursor.isLinked || isShort || page.rowCount == 0 { return .end }
            let number = cursor.number + 1
            let text = listing.text.replacing("?page=0&", with: "?page=\(number)&")
            do throws(InvalidURL) {
                return .nextIfFresh(PageCursor(url: try HTTPURL(text), number: number))
            } catch {
                return .broken("\(error)")
            }
        }
    }

    package func rateLimitPause(_ head: ResponseHead) -> Int64? {
        let now = Timestamp.now()
        if let reset = head.first("x-ratelimit-reset"),
            let pause = RateLimitReset.pause(reset: reset, date: head.first("date"), now: now)
        {
            return pause.nanoseconds
        }
        return head.retryAfter(now: now)?.nanoseconds
    }

    package func errorText(_ body: [UInt8]) -> String? {
        if body.isEmpty { return nil }
        if let known = CatapultErrorBody(body) { return known.description }
        let text = BodyExcerpt.text(body)
        return text.isEmpty ? nil : text
    }
}
