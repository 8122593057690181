/// How one media file is answered: validators, ranges, digests. Pure.
struct MediaServing: Sendable {
    var validators: Validators
    var serveRanges: Bool
    var honourIfRange: Bool
    var digests: Set<DigestHeader>
    var digestsAreWrong: Bool
    var contentType: String?
    /// Bytes by which a 206 starts too late, and by which its total is too large.
    var startError: Int64 = 0
    var totalError: Int64 = 0
    var statesRange = true
    var etagSuffix = ""

    init(_ configuration: Configuration) {
        validators = configuration.validators
        serveRanges = configuration.serveRanges
        honourIfRange = configuration.honourIfRange
        digests = configuration.digests
        digestsAreWrong = configuration.digestsAreWrong
        contentType = configuration.mediaContentType
    }

    mutating func apply(_ fault: Fault) {
        switch fault.name {
        case .rangeIgnored: serveRanges = false
        case .ifRangeIgnored: honourIfRange = false
        case .wrongStart: startError = Int64(fault.number ?? 1)
        case .wrongTotal: totalError = Int64(fault.number ?? 1000)
        case .missingContentRange: statesRange = false
        case .etagOnly: etagSuffix = "-other"
        case .weakETag: validators = .weak
        case .noValidators: validators = .none
        case .wrongDigest:
            digests = Set(DigestHeader.allCases)
            digestsAreWrong = true
        default: break
        }
    }

    func response(to request: Request, for row: RecordingRow) -> Response {
        let content = row.content
        let etag = etag(of: row)
        let modified = DateText.http((row.endTime / 1000 + Int64(row.version)) * 1000)
        var headers = [("Content-Type", contentType ?? content.kind.contentType)]
        if serveRanges { headers.append(("Accept-Ranges", "bytes")) }
        switch validators {
        case .strong, .weak:
            headers.append(("ETag", etag))
            headers.append(("Last-Modified", modified))
        case .lastmod: headers.append(("Last-Modified", modified))
        case .none: break
        }

        var range: Range<Int64>?
        if serveRanges, isConditionMet(request, etag: etag, modified: modified) {
            switch Self.range(request.header("range"), size: content.size) {
            case .whole: break
            case .part(let part): range = part
            case .unsatisfiable:
                var response = Response.failure(
                    416, category: "bad-request", code: "range-not-satisfiable", message: nil)
                response.set("Content-Range", "bytes */\(content.size + totalError)")
                return response
            }
        }
        var response: Response
        if let range {
            let start = min(range.lowerBound + startError, range.upperBound - 1)
            response = Response(206, body: Body(content, start..<range.upperBound))
            response.headers = headers
            if statesRange {
                let total = content.size + totalError
                response.set("Content-Range", "bytes \(start)-\(range.upperBound - 1)/\(total)")
            }
        } else {
            response = Response(200, body: Body(content, 0..<content.size), headers: headers)
        }
        addDigests(to: &response, of: content)
        return response
    }

    private func etag(of row: RecordingRow) -> String {
        let hash = StableHash.mixed(row.content.seed ^ UInt64(row.shape.size))
        return (validators == .weak ? "W/" : "") + "\"" + String(hash, radix: 16) + etagSuffix
            + "\""
    }

    /// RFC 9110: an If-Range that doesn't match, or is weak, makes the range be ignored.
    private func isConditionMet(_ request: Request, etag: String, modified: String) -> Bool {
        guard let condition = request.header("if-range"), honourIfRange else { return true }
        switch validators {
        case .strong: return condition == etag || condition == modified
        case .lastmod: return condition == modified
        case .weak, .none: return false
        }
    }

    enum RangeDemand: Equatable {
        case whole
        case part(Range<Int64>)
        case unsatisfiable
    }

    /// One range of bytes; several, or anything else, are ignored as RFC 9110 allows.
    static func range(_ header: String?, size: Int64) -> RangeDemand {
        guard let header, header.hasPrefix("bytes=") else { return .whole }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return .whole }
        let start = Int64(ends[0])
        let end = Int64(ends[1])
        if !ends[0].isEmpty && start == nil || !ends[1].isEmpty && end == nil { return .whole }
        switch (start, end) {
        case (nil, nil): return .whole
        case (let start?, let end):
            if let end, end < start { return .whole }
            if start >= size { return .unsatisfiable }
            return .part(start..<min(size, (end ?? size - 1) + 1))
        case (nil, let suffix?):
            if suffix == 0 || size == 0 { return .unsatisfiable }
            return .part(max(0, size - suffix)..<size)
        }
    }

    private func addDigests(to response: inout Response, of content: MediaContent) {
        if digests.isEmpty { return }
        let whole = Body(content, 0..<content.size)
        func text(_ body: Body, _ algorithm: Digest.Algorithm) -> String {
            var digest = Digest.of(body, algorithm)
            if digestsAreWrong, !digest.isEmpty { digest[0] ^= 0xFF }
            return TextCoding.base64(digest)
        }
        if digests.contains(.contentMD5) {
            response.set("Content-MD5", text(response.body, .md5))
        }
        if digests.contains(.digest) {
            response.set("Digest", "sha-256=" + text(whole, .sha256))
        }
        if digests.contains(.contentDigest) {
            response.set("Content-Digest", "sha-256=:" + text(response.body, .sha256) + ":")
        }
        if digests.contains(.reprDigest) {
            response.set("Repr-Digest", "sha-256=:" + text(whole, .sha256) + ":")
        }
    }
}
