import Platform
package import Transfer

/// Bandwidth's Catapult API, version 1.
package struct CatapultProvider: RecordingProvider {
    package let name = "catapult"
    package let base: HTTPURL
    private let paging: CatapultPaging
    package let calls: (any CallProvider)?
    package let transcriptions: (any TranscriptionProvider)?

    /// `baseURL` has no trailing slash; `pageSize` is 1 to 1000.
    package init(baseURL: String, account: String, pageSize: Int) throws(InvalidURL) {
        base = try HTTPURL(baseURL + "/")
        paging = try CatapultPaging(
            "recordings", baseURL: baseURL, account: account, pageSize: pageSize)
        calls = try CatapultCalls(baseURL: baseURL, account: account, pageSize: pageSize)
        transcriptions = CatapultTranscriptions(baseURL: baseURL, account: account)
    }

    package func firstPage() -> PageCursor {
        PageCursor(url: paging.first)
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
        paging.continuation(of: response, rowCount: page.rowCount, at: cursor)
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
