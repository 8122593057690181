import CLibCurl

/// Where an easy handle's requests go, as libcurl is told with the least work.
///
/// libcurl takes a URL to pieces, and puts it together again, for each transfer. Where only the
/// path differs from the last one's it is told no more than that. Confined to its lane's queue.
struct RequestAddress {
    /// libcurl has it in place of a URL.
    private var site: CurlSite?

    /// Points the handle at the URL; returns the first complaint of libcurl's.
    mutating func set(_ url: HTTPURL, of easy: OpaqueEasy) -> CURLcode {
        // By a proxy whole URLs are asked for.
        let isDirect = url.origin.isSecure || !CurlLibrary.hasProxyForPlainText
        var code = CURLE_OK
        // The target is copied by libcurl, the pointers are the handle's and the site's own.
        let isTold = unsafe url.withPlainTarget { target in
            guard isDirect, setSite(of: url, easy, &code) else { return false }
            if code == CURLE_OK {
                code = unsafe clibcurl_set_string(easy.pointer, CURLOPT_REQUEST_TARGET, target)
            }
            return true
        }
        if isTold == true { return code }
        if site != nil {
            unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_CURLU, nil)
            unsafe clibcurl_set_string(easy.pointer, CURLOPT_REQUEST_TARGET, nil)
            site = nil
        }
        return unsafe clibcurl_set_string(easy.pointer, CURLOPT_URL, url.text)
    }

    /// False when libcurl can't tell the site from the URL.
    private mutating func setSite(
        of url: HTTPURL, _ easy: OpaqueEasy, _ code: inout CURLcode
    ) -> Bool {
        if site?.origin == url.origin { return true }
        guard let new = CurlSite(of: url) else { return false }
        // Of the two it takes the parsed one; the text is for its messages.
        code = unsafe clibcurl_set_string(easy.pointer, CURLOPT_URL, new.text)
        if code == CURLE_OK {
            let parsed = unsafe UnsafeMutableRawPointer(new.parsed)
            code = unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_CURLU, parsed)
        }
        // The one before outlived its last use by libcurl, which copies it for each transfer.
        site = new
        return true
    }
}
