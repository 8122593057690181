import CLibCurl

extension TransferError {
    /// Reads libcurl's code; `detail` is the handle's error buffer, often more exact.
    init(curl code: CURLcode, detail: String) {
        let general =
            unsafe curl_easy_strerror(code).map { unsafe String(cString: $0) }
            ?? "libcurl error \(code.rawValue)"
        let kind: Kind =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
            case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED: .connect
            case CURLE_OPERATION_TIMEDOUT: .connectTimeout
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_SHUTDOWN_FAILED: .tls
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_INVALIDCERTSTATUS:
                .certificate
            case CURLE_SSL_CACERT_BADFILE: .caFile
            case CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING,
                CURLE_HTTP2, CURLE_HTTP2_STREAM:
                .cut
            // libcurl's word for an answer that is no HTTP at all.
            case CURLE_UNSUPPORTED_PROTOCOL where detail.contains("HTTP/0.9"): .malformed
            case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
                CURLE_HTTP_RETURNED_ERROR:
                .malformed
            case CURLE_WRITE_ERROR, CURLE_ABORTED_BY_CALLBACK: .refusedBySink
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .badRequest
            default: .library
            }
        self.init(
            kind, code: Int32(bitPattern: code.rawValue), text: detail.isEmpty ? general : detail)
    }
}
