/// What the simulated provider is like. Everything has the default of a friendly provider.
package struct Configuration: Sendable {
    // Where it listens.
    package var address = "127.0.0.1"
    /// 0: any free port.
    package var port: UInt16 = 0
    /// PEM files; both, or neither for plain HTTP.
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// The host in URLs that the provider hands out, when it isn't the address itself.
    package var hostName: String?

    // Who may come in.
    package var userID = "u-simulated"
    package var token = "t-simulated"
    package var secret = "s-simulated"
    /// Media are handed out without credentials.
    package var mediaIsOpen = false

    // What there is.
    package var recordings = RecordingPlan()

    /// Fractions of the complete recordings whose transcription is there, and is in the making;
    /// the others have none.
    package var transcribed = 1.0
    package var transcribing = 0.0
    /// The list of calls has nothing in it.
    package var hasNoCalls = false

    // How it is listed.
    package var paging = PagingStyle.link
    package var defaultPageSize = 25
    package var largestPageSize = 1000
    /// With `moving`: rows by which each page is shifted against the one before; more than 0
    /// repeats rows, less than 0 leaves some out.
    package var movingRows = 3
    /// With `moving`: rows move only during this many walks (requests for the first page).
    package var movingWalks = Int.max

    // How media are served.
    package var validators = Validators.strong
    package var serveRanges = true
    package var honourIfRange = true
    package var framing = Framing.length
    package var digests: Set<DigestHeader> = []
    package var digestsAreWrong = false
    /// The Content-Type of media in place of the right one.
    package var mediaContentType: String?

    // How much is granted, and how quickly.
    package var rates: [EndpointFamily: RateLimit] = [:]
    package var resetUnit = ResetUnit.milliseconds
    /// Milliseconds by which the server's clock, its `Date` and its resets are ahead.
    package var clockOffset: Int64 = 0
    /// Seconds before each response.
    package var latency = 0.0
    /// Bytes of body per second and connection.
    package var throttle: Int64?
    /// The connection is closed after this many.
    package var requestsPerConnection = Int.max

    // What is remembered.
    /// NDJSON, one request a line.
    package var logFile: String?
    package var keepLog = true
    package var faults: [Fault] = []

    package init() {}
}

/// How pages follow each other.
package enum PagingStyle: String, Sendable, CaseIterable {
    /// `Link` with absolute URLs that carry page and size.
    case link
    /// `next` carries an opaque key; `page` is ignored.
    case opaque
    /// Link targets are relative references.
    case relative
    /// No `Link` at all.
    case none
    /// Everything RFC 8288 allows and nobody expects.
    case nasty
    /// As `link`, but rows move between the pages.
    case moving
}

package enum Validators: String, Sendable, CaseIterable {
    case strong, weak, lastmod, none
}

/// How the end of a body is told.
package enum Framing: String, Sendable, CaseIterable {
    case length, chunked, close
}

package enum DigestHeader: String, Sendable, CaseIterable {
    case contentMD5 = "content-md5"
    case digest
    case contentDigest = "content-digest"
    case reprDigest = "repr-digest"
}

package enum ResetUnit: String, Sendable, CaseIterable {
    case milliseconds = "ms"
    case seconds = "s"
    case missing = "none"
}

/// What the provider counts requests by.
package enum EndpointFamily: String, Sendable, Codable, CaseIterable {
    case recordings, media, calls, transcriptions, other, control
}

/// Requests granted per span of time.
package struct RateLimit: Sendable, Equatable {
    package enum Window: String, Sendable, CaseIterable {
        /// Counted from one multiple of the span to the next.
        case fixed
        /// Counted over the span before each request.
        case sliding
    }

    package var requests: Int
    /// The span in seconds.
    package var seconds: Double
    package var window: Window

    package init(requests: Int, per seconds: Double = 1, window: Window = .fixed) {
        self.requests = requests
        self.seconds = seconds
        self.window = window
    }
}
