import CLibCurl

/// libcurl's global state, set up once before the first handle.
package enum CurlLibrary {
    /// The global initialisation's verdict; nil when all is well.
    package static let failure: TransferError? = {
        let code = curl_global_init(clibcurl_global_default)
        return code == CURLE_OK ? nil : TransferError(curl: code, detail: "")
    }()

    /// As "libcurl/7.88.1 OpenSSL/3.0.15 …".
    package static var version: String {
        unsafe curl_version().map { unsafe String(cString: $0) } ?? "libcurl"
    }
}
