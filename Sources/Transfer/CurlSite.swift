import CLibCurl

/// The owner of libcurl's own form of a site: a URL without a path.
///
/// Confined to its handle's lane.
@safe
final class CurlSite {
    let origin: Origin
    /// As the URL had it, with `/` for its path.
    let text: String
    // Owned: freed in deinit.
    let parsed: OpaquePointer

    /// The site that the URL is of; nil when libcurl refuses it.
    init?(of url: HTTPURL) {
        guard let parsed = unsafe curl_url() else { return nil }
        origin = url.origin
        text = String(decoding: url.text.utf8.prefix(url.siteLength), as: UTF8.self) + "/"
        unsafe self.parsed = parsed
        guard unsafe curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK else { return nil }
    }

    deinit {
        unsafe curl_url_cleanup(parsed)
    }
}

extension HTTPURL {
    /// Calls `body` with the path and query as a C string when libcurl would send them as they
    /// stand; nil when it would change them: leave dots out, encode a letter, add a slash.
    func withPlainTarget<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result? {
        // The text outlives the closure, and its bytes end in a zero.
        unsafe text.withCString { text in
            let target = unsafe text + siteLength
            guard unsafe target[0] == CChar(bitPattern: UInt8(ascii: "/")) else { return nil }
            var place = 1
            while unsafe target[place] != 0 {
                // Beyond ASCII they are negative; `.` after a slash may be a dot segment.
                if unsafe target[place] < 0 { return nil }
                if unsafe target[place] == CChar(bitPattern: UInt8(ascii: ".")),
                    unsafe target[place - 1] == CChar(bitPattern: UInt8(ascii: "/"))
                {
                    return nil
                }
                place += 1
            }
            return unsafe body(target)
        }
    }
}
