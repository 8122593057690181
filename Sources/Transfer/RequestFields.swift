import CLibCurl
import Platform

/// The header fields of an easy handle's requests: put together when they change.
///
/// Basic auth is one of them, which libcurl would put together for each transfer. As it follows no
/// redirect, it shows none of them to another host; a proxy that tunnels gets only the program's
/// name. Confined to its lane's queue.
@safe
final class RequestFields {
    private let userAgent: String
    // Owned: libcurl reads it until the next list takes its place.
    private var list: UnsafeMutablePointer<curl_slist>?
    // Owned: what a proxy is sent that is asked for a tunnel.
    private let proxyList: UnsafeMutablePointer<curl_slist>?
    private var credentials: Credentials?
    private var authorization: Secret?
    /// Those of the last request; nil when libcurl doesn't have them.
    private var own: [String]?
    private var isForTunnel = false

    /// nil: no memory.
    init?(userAgent: String) {
        self.userAgent = "User-Agent: \(userAgent)"
        unsafe proxyList = curl_slist_append(nil, self.userAgent)
        if unsafe proxyList == nil { return nil }
    }

    /// After the easy handle that reads them.
    deinit {
        unsafe curl_slist_free_all(list)
        unsafe curl_slist_free_all(proxyList)
    }

    func set(_ request: TransferRequest, of easy: OpaqueEasy) throws(TransferError) {
        if credentials != request.credentials {
            credentials = request.credentials
            authorization = credentials?.basic
            own = nil
        }
        if isForTunnel != request.url.origin.isSecure {
            isForTunnel = request.url.origin.isSecure
            // Without a tunnel a proxy would be sent both lists.
            let list = unsafe isForTunnel ? proxyList : nil
            try check(unsafe clibcurl_set_list(easy.pointer, CURLOPT_PROXYHEADER, list))
        }
        if own == request.headers { return }
        own = nil
        let secret = authorization.map { "Authorization: \($0.reveal())" }
        var new: UnsafeMutablePointer<curl_slist>?
        for field in [secret, userAgent].compactMap(\.self) + request.headers {
            guard let longer = unsafe curl_slist_append(new, field) else {
                unsafe curl_slist_free_all(new)
                throw TransferError(.library, text: "out of memory")
            }
            unsafe new = longer
        }
        let code = unsafe clibcurl_set_list(easy.pointer, CURLOPT_HTTPHEADER, new)
        // libcurl has the new one now, or the handle is not used again.
        unsafe curl_slist_free_all(list)
        unsafe list = new
        try check(code)
        own = request.headers
    }

    private func check(_ code: CURLcode) throws(TransferError) {
        if code != CURLE_OK { throw TransferError(curl: code, detail: "") }
    }
}
