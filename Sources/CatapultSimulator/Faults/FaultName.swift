/// Every fault the simulator knows, with how it is written and what it does.
package enum FaultName: String, Sendable, CaseIterable {
    // The connection.
    case cutHandshake = "cut-handshake"
    case closeBeforeHeaders = "close-before-headers"
    case reset = "reset"
    case resetInHeaders = "reset-in-headers"
    case resetInBody = "reset-in-body"
    case cut = "cut"
    case cutUnframed = "cut-unframed"
    case cutChunked = "cut-chunked"
    case halfClose = "half-close"
    case longer = "longer"
    case stallBeforeHeaders = "stall-before-headers"
    case stall = "stall"
    case drip = "drip"
    case slow = "slow"
    // The header.
    case garbageHeaders = "garbage-headers"
    case oversizedHeaders = "oversized-headers"
    case interim = "interim-1xx"
    case gzip = "gzip-unasked"
    case chunked = "chunked"
    case unframed = "unframed"
    // The answer.
    case status = "status"
    case html = "html-200"
    case json = "json-200"
    case empty = "empty-200"
    case otherContainer = "other-container"
    case shortRIFF = "short-riff"
    case redirect = "redirect"
    case redirectSame = "redirect-same"
    case redirectLoop = "redirect-loop"
    case redirectDowngrade = "redirect-downgrade"
    // Ranges and validators.
    case wrongStart = "wrong-content-range-start"
    case wrongTotal = "wrong-content-range-total"
    case missingContentRange = "content-range-missing"
    case rangeIgnored = "range-ignored"
    case ifRangeIgnored = "if-range-ignored"
    case etagChanges = "etag-changes"
    case etagOnly = "etag-only-changes"
    case weakETag = "weak-etag"
    case noValidators = "no-validators"
    case wrongDigest = "wrong-digest"
    // Listings.
    case malformedJSON = "malformed-json"
    case truncatedJSON = "truncated-json"
    case huge = "huge"
    case invalidUTF8 = "invalid-utf8"
    case deepNesting = "deep-nesting"
    case duplicateIDs = "duplicate-ids"
    case emptyPage = "empty-page"
    case nextLoop = "next-loop"
    case nextOtherOrigin = "next-other-origin"

    /// How the argument after `@` or `=` is read.
    enum Argument {
        /// 0.6 or 60%: a part of the body; 1000: bytes.
        case place
        case number
        case text
        case none
    }

    var argument: Argument {
        switch self {
        case .resetInBody, .cut, .cutUnframed, .cutChunked, .halfClose, .stall, .shortRIFF,
            .truncatedJSON:
            .place
        case .longer, .stallBeforeHeaders, .drip, .slow, .oversizedHeaders, .status, .huge,
            .deepNesting, .wrongStart, .wrongTotal:
            .number
        case .redirect, .nextOtherOrigin: .text
        default: .none
        }
    }

    /// The line of `--help`.
    package var summary: String {
        switch self {
        case .cutHandshake: "the connection ends before the TLS handshake (family: connection)"
        case .closeBeforeHeaders: "FIN, nothing sent"
        case .reset: "RST, nothing sent"
        case .resetInHeaders: "RST after half of the header"
        case .resetInBody: "RST at PLACE of the body"
        case .cut: "FIN at PLACE of a body with Content-Length"
        case .cutUnframed: "FIN at PLACE of a body whose end is the connection's"
        case .cutChunked: "FIN at PLACE inside a chunked body"
        case .halfClose: "as cut, but our reading side stays open"
        case .longer: "N (100) bytes more than declared"
        case .stallBeforeHeaders: "nothing for N (3600) seconds, then the answer"
        case .stall: "nothing at PLACE of the body for seconds=N (3600), then the rest"
        case .drip: "N (1) bytes of body a second"
        case .slow: "the answer comes after N (1) seconds"
        case .garbageHeaders: "a status line, then bytes that are no headers"
        case .oversizedHeaders: "N (400000) bytes of extra header"
        case .interim: "100, 102 and 103 before the answer"
        case .gzip: "Content-Encoding: gzip though nobody asked"
        case .chunked: "a whole body, chunked"
        case .unframed: "a whole body that ends with the connection"
        case .status: "status N; body=json|empty|plain|html, retry-after=N|date"
        case .html: "200 with a page of HTML, as text/html"
        case .json: "200 with a JSON object"
        case .empty: "200 without a byte"
        case .otherContainer: "200 with a PNG, called audio/wav"
        case .shortRIFF: "a whole answer whose RIFF ends at PLACE of what it declares"
        case .redirect: "302 (code=N) to URL; {origin}, {base}, {path} are replaced"
        case .redirectSame: "302 to the same media under another URL"
        case .redirectLoop: "302 for ever"
        case .redirectDowngrade: "302 from https to http"
        case .wrongStart: "206 that starts N (1) bytes later than asked"
        case .wrongTotal: "206 whose total is N (1000) too large"
        case .missingContentRange: "206 without Content-Range"
        case .rangeIgnored: "200 with all of it though a range was asked"
        case .ifRangeIgnored: "206 though If-Range does not match"
        case .etagChanges: "from this answer on other bytes and another ETag"
        case .etagOnly: "another ETag in this answer, the same bytes"
        case .weakETag: "a weak ETag"
        case .noValidators: "neither ETag nor Last-Modified"
        case .wrongDigest: "all digest headers, wrong"
        case .malformedJSON: "a page that is no JSON"
        case .truncatedJSON: "a page that ends at PLACE, correctly framed"
        case .huge: "a page with a member of N (67108864) bytes"
        case .invalidUTF8: "a page with bytes that are no UTF-8"
        case .deepNesting: "N (100000) arrays in each other"
        case .duplicateIDs: "each row of the page twice"
        case .emptyPage: "no rows, but the same Link"
        case .nextLoop: "next is the page itself"
        case .nextOtherOrigin: "next is on another origin (URL)"
        }
    }
}
