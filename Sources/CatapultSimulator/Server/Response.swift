internal import Glibc

/// What is answered, before a fault may spoil it on its way.
struct Response: Sendable {
    var status: Int
    var reason: String
    /// Without Date, Connection and what tells the body's length.
    var headers: [(name: String, value: String)] = []
    var body: Body
    var framing = Framing.length
    /// Sent in place of the body's true length.
    var declaredLength: Int64?

    init(_ status: Int, body: Body = Body(), headers: [(String, String)] = []) {
        self.status = status
        reason = Self.reasons[status] ?? "Status"
        self.body = body
        self.headers = headers
    }

    /// A body of JSON text.
    static func json(_ status: Int, _ text: String) -> Response {
        Response(
            status, body: Body(Array(text.utf8)), headers: [("Content-Type", "application/json")])
    }

    /// The provider's error body.
    static func failure(
        _ status: Int, category: String, code: String, message: String?,
        details: [(String, String)] = []
    ) -> Response {
        var text = "{\"category\":\"\(category)\",\"code\":\"\(code)\""
        if let message { text += ",\"message\":\(JSONValue.quoted(message))" }
        let list = details.map {
            "{\"name\":\(JSONValue.quoted($0.0)),\"value\":\(JSONValue.quoted($0.1))}"
        }
        text += ",\"details\":[" + list.joined(separator: ",") + "]}"
        return json(status, text)
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// Puts a header in place of those of the same name.
    mutating func set(_ name: String, _ value: String?) {
        headers.removeAll { $0.name == name }
        if let value { headers.append((name, value)) }
    }

    /// X-RateLimit-Reset from milliseconds since 1970; seconds are rounded up.
    mutating func setReset(_ milliseconds: Int64, in unit: ResetUnit) {
        switch unit {
        case .milliseconds: set("X-RateLimit-Reset", String(milliseconds))
        case .seconds: set("X-RateLimit-Reset", String((milliseconds + 999) / 1000))
        case .missing: break
        }
    }

    private static let reasons: [Int: String] = [
        200: "OK", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
        302: "Found", 303: "See Other", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 408: "Request Timeout", 410: "Gone",
        416: "Range Not Satisfiable", 429: "Too Many Requests", 500: "Internal Server Error",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}

/// The bytes of a response, of which large ones are made while they are sent.
struct Body: Sendable {
    private enum Part: Sendable {
        case bytes([UInt8])
        case media(MediaContent, Range<Int64>)
        case filler(UInt8, Int64)
    }

    private let parts: [(start: Int64, part: Part)]
    let count: Int64

    init(_ bytes: [UInt8] = []) {
        parts = [(0, .bytes(bytes))]
        count = Int64(bytes.count)
    }

    init(_ content: MediaContent, _ range: Range<Int64>) {
        parts = [(0, .media(content, range))]
        count = range.upperBound - range.lowerBound
    }

    /// `prefix`, one byte over and over, `suffix`.
    init(prefix: [UInt8], filler: UInt8, count fill: Int64, suffix: [UInt8]) {
        parts = [
            (0, .bytes(prefix)), (Int64(prefix.count), .filler(filler, fill)),
            (Int64(prefix.count) + fill, .bytes(suffix)),
        ]
        count = Int64(prefix.count + suffix.count) + fill
    }

    var isEmpty: Bool { count == 0 }

    /// All of it; for bodies that are known to be small.
    func bytes() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
            unsafe fill(UnsafeMutableRawBufferPointer(buffer), from: 0)
            filled = Int(count)
        }
    }

    /// Fills the buffer with the bytes from `offset` on; the body must reach that far.
    func fill(_ target: UnsafeMutableRawBufferPointer, from offset: Int64) {
        let wanted = offset..<offset + Int64(target.count)
        for (index, (start, part)) in parts.enumerated() {
            let end = index + 1 < parts.count ? parts[index + 1].start : count
            let covered = wanted.clamped(to: start..<end)
            guard !covered.isEmpty else { continue }
            let low = Int(covered.lowerBound - offset)
            let place = unsafe UnsafeMutableRawBufferPointer(
                rebasing: target[low..<low + covered.count])
            let inside = covered.lowerBound - start
            switch part {
            case .bytes(let bytes):
                unsafe bytes.withUnsafeBytes { source in
                    unsafe place.copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: source[Int(inside)..<Int(inside) + covered.count]))
                }
            case .media(let content, let range):
                unsafe content.fill(place, from: range.lowerBound + inside)
            case .filler(let byte, _):
                if let base = place.baseAddress {
                    unsafe memset(base, Int32(byte), place.count)
                }
            }
        }
    }
}
