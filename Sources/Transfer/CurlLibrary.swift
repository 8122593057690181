import CLibCurl
import Glibc

/// libcurl's global state, set up once before the first handle.
package enum CurlLibrary {
    /// The global initialisation's verdict; nil when all is well.
    package static let failure: TransferError? = {
        let code = CurlMemory.initialize()
        return code == CURLE_OK ? nil : TransferError(curl: code, detail: "")
    }()

    /// libcurl's TLS is OpenSSL's.
    static let usesOpenSSL: Bool = {
        guard let info = unsafe curl_version_info(clibcurl_version_now),
            let name = unsafe info.pointee.ssl_version
        else { return false }
        return unsafe String(cString: name).hasPrefix("OpenSSL/3")
    }()

    /// The environment names a proxy for http: it would be sent whole URLs.
    static let hasProxyForPlainText: Bool = {
        let names: [String] = ["http_proxy", "all_proxy", "ALL_PROXY"]
        return names.contains { unsafe getenv($0) != nil }
    }()

    /// Where libcurl looks for the system's certificates.
    static var systemCertificates: (file: String?, folder: String?) {
        guard let info = unsafe curl_version_info(clibcurl_version_now) else { return (nil, nil) }
        return unsafe (
            info.pointee.cainfo.map { unsafe String(cString: $0) },
            info.pointee.capath.map { unsafe String(cString: $0) }
        )
    }

    /// As "libcurl/7.88.1 OpenSSL/3.0.15 …".
    package static var version: String {
        unsafe curl_version().map { unsafe String(cString: $0) } ?? "libcurl"
    }
}
