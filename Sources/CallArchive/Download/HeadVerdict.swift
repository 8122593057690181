package import Transfer

/// What a response's head means for the part, decided before the first byte; a pure function.
package enum HeadVerdict: Sendable, Equatable {
    /// The body is the whole object, of `total` bytes when known.
    case whole(total: Int64?)
    /// The body begins at `from`; what the part has beyond that must agree with it.
    case rest(from: Int64, total: Int64?)
    /// The part is of another object, or nobody knows: drop it and ask for all.
    case restart(String)
    /// The object comes in an encoding that was not asked for, or a range that was not.
    case unusable(code: String, message: String)
    /// No content; the status' class decides.
    case other

    package init(plan: ResumePlan, partial: Partial?, head: ResponseHead) {
        switch StatusClass(head.status) {
        case .content: break
        case .rangeNotSatisfiable:
            if case .range = plan {
                self = .restart("the provider has no such range (416)")
            } else {
                self = .other
            }
            return
        default:
            self = .other
            return
        }
        if let encoding = head.first("content-encoding")?.lowercased(), encoding != "identity",
            !encoding.isEmpty
        {
            self = .unusable(
                code: "content-encoding",
                message: "the media came with Content-Encoding '\(encoding.prefix(40))', "
                    + "which was not asked for")
            return
        }
        if head.status == 200 {
            self = .whole(total: head.contentLength)
        } else {
            self = Self.partialContent(plan, partial, head)
        }
    }

    private static func partialContent(
        _ plan: ResumePlan, _ partial: Partial?, _ head: ResponseHead
    ) -> HeadVerdict {
        guard case .range(let from, _) = plan else {
            return .unusable(
                code: "unasked-range", message: "the provider sent a range that was not asked for")
        }
        guard let text = head.first("content-range"), let range = ContentRange(text),
            case .bytes(let first, let last, let total) = range
        else { return .restart("the range's Content-Range is missing or malformed") }
        guard first == from else {
            return .restart("the range begins at \(first), not at \(from)")
        }
        if let known = partial?.total, let total, known != total {
            return .restart("the media has \(counted(total, "byte")) now, \(known) before")
        }
        if let total, last >= total {
            return .restart("the range ends behind the media's end")
        }
        if let length = head.contentLength, length != last - first + 1 {
            return .restart("the range's length is not that of its Content-Range")
        }
        let etag = head.first("etag")
        if let known = partial?.etag, let etag, known != etag {
            return .restart("the media's ETag changed")
        }
        // Nothing is compared when a strong ETag vouches for the part, so the answer must bear
        // it (RFC 9110 §15.3.7): a server that ignores If-Range would go unnoticed otherwise.
        if let known = partial?.etag, ResumePlan.isStrong(known), etag == nil {
            return .restart("the range comes without the media's ETag")
        }
        if let known = partial?.lastModified, let now = head.first("last-modified"), known != now {
            return .restart("the media's Last-Modified changed")
        }
        let isVouched = partial?.etag.map(ResumePlan.isStrong) ?? false
        guard isVouched || total != nil else {
            return .restart("the provider states no total and no strong ETag")
        }
        guard let whole = total ?? partial?.total else {
            return .restart("nobody knows how long the media is")
        }
        return .rest(from: from, total: whole)
    }
}
