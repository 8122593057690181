import CLibCurl
import Platform

/// The owner of one libcurl easy handle, used for one transfer after another.
///
/// Confined to its lane's queue.
@safe
final class EasyHandle {
    /// Longest error text libcurl writes (CURL_ERROR_SIZE).
    private static let errorSize = 256

    // Owned: cleaned up in deinit.
    let easy: OpaqueEasy
    // Owned: libcurl writes into it during a transfer.
    private let errorText: UnsafeMutablePointer<CChar>
    private var options = CURLE_OK
    /// The last request had a body, of which libcurl keeps a copy.
    private var hasBody = false
    /// What libcurl has of the last request, set anew only where the next one differs.
    private var target = RequestAddress()
    private let fields: RequestFields
    private var acceptsCompression = false
    /// Its buffer is the one for large bodies.
    let isLarge: Bool
    /// nil where libcurl is left to read the certificates.
    private let trust: TrustStore?
    /// What the callbacks reach.
    let exchange = Exchange()
    /// Where its lane has it while a transfer is on.
    var place = 0

    init?(_ settings: TransferOptions, isLarge: Bool = false) {
        guard let fields = RequestFields(userAgent: settings.userAgent),
            let easy = unsafe curl_easy_init()
        else { return nil }
        unsafe self.easy = OpaqueEasy(easy)
        self.isLarge = isLarge
        self.fields = fields
        trust = TrustStore.shared(file: settings.caFile)
        unsafe errorText = .allocate(capacity: Self.errorSize)
        unsafe errorText.initialize(repeating: 0, count: Self.errorSize)
        configure(settings)
        if options != CURLE_OK { return nil }
    }

    deinit {
        unsafe curl_easy_cleanup(easy.pointer)
        unsafe errorText.deallocate()
    }

    private func configure(_ settings: TransferOptions) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        // Redirects are followed by us, so that policy and credentials are checked each time.
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        trust(settings.caFile)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(settings.connectTimeout.nanoseconds / 1_000_000))
        // Over TLS it takes a block of that size for each request of HTTP/1.1; the least it allows.
        set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
        set(CURLOPT_BUFFERSIZE, isLarge ? settings.largeBufferSize : settings.bufferSize)
        // What is for the server is not for a proxy that tunnels to it.
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_NOPROGRESS, 1)
        check(unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_ERRORBUFFER, errorText))
        check(
            unsafe clibcurl_set_data_function(easy.pointer, CURLOPT_WRITEFUNCTION, receiveBody))
        check(
            unsafe clibcurl_set_data_function(easy.pointer, CURLOPT_HEADERFUNCTION, receiveHeader))
        // Unretained: both live as long as the easy handle.
        let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        check(unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_WRITEDATA, context))
        check(unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_HEADERDATA, context))
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        check(unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_PRIVATE, owner))
    }

    /// The owner of an easy handle that a multi handle has: its lane holds it until it is taken out.
    static func owner(of easy: UnsafeMutableRawPointer) -> EasyHandle? {
        var owner: UnsafeMutableRawPointer?
        guard unsafe clibcurl_get_pointer(easy, CURLINFO_PRIVATE, &owner) == CURLE_OK,
            let owner = unsafe owner
        else { return nil }
        // Alive: put there by itself, and held as said above.
        return unsafe Unmanaged<EasyHandle>.fromOpaque(owner).takeUnretainedValue()
    }

    private func trust(_ caFile: String?) {
        if let trust {
            set(CURLOPT_CAINFO, nil)
            set(CURLOPT_CAPATH, nil)
            check(
                unsafe clibcurl_set_tls_function(
                    easy.pointer, CURLOPT_SSL_CTX_FUNCTION, prepareTrust))
            // Unretained: stores live as long as the process.
            let data = unsafe Unmanaged.passUnretained(trust).toOpaque()
            check(unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_SSL_CTX_DATA, data))
        } else if let caFile {
            set(CURLOPT_CAINFO, caFile)
            // A bundle of one's own is meant to be the only one.
            set(CURLOPT_CAPATH, nil)
        }
    }

    /// Points the handle at the request; the first option that libcurl refused is the error, after
    /// which the handle is not to be used again.
    func prepare(_ request: TransferRequest) throws(TransferError) {
        options = CURLE_OK
        unsafe errorText[0] = 0
        check(target.set(request.url, of: easy))
        if acceptsCompression != request.acceptsCompression {
            acceptsCompression = request.acceptsCompression
            set(CURLOPT_ACCEPT_ENCODING, acceptsCompression ? "" : nil)
        }
        prepareBody(request.body)
        try fields.set(request, of: easy)
        if options != CURLE_OK { throw TransferError(curl: options, detail: "") }
    }

    private func prepareBody(_ body: [UInt8]?) {
        if let body {
            hasBody = true
            // The size first: libcurl copies that many bytes, now.
            check(
                unsafe clibcurl_set_offset(
                    easy.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            var copied = body
            check(unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_COPYPOSTFIELDS, &copied))
        } else if hasBody {
            hasBody = false
            unsafe clibcurl_set_pointer(easy.pointer, CURLOPT_COPYPOSTFIELDS, nil)
            set(CURLOPT_HTTPGET, 1)
        }
    }

    /// libcurl's error for a finished transfer; nil for CURLE_OK.
    func error(for code: CURLcode) -> TransferError? {
        guard code != CURLE_OK else { return nil }
        if code == CURLE_SSL_CACERT_BADFILE, let failure = trust?.failure {
            return TransferError(curl: code, detail: failure)
        }
        return unsafe TransferError(curl: code, detail: String(cString: errorText))
    }

    /// Microseconds from the start until the request could be sent; 0 while connecting.
    var pretransferTime: Int64 {
        var value: curl_off_t = 0
        let code = unsafe clibcurl_get_offset(
            easy.pointer, CURLINFO_PRETRANSFER_TIME_T, &value)
        return code == CURLE_OK ? Int64(value) : 0
    }

    /// Has the next transfer keep the server's certificates, and end after this time (ns).
    func examineConnection(within time: Int64) {
        set(CURLOPT_CERTINFO, 1)
        set(CURLOPT_TIMEOUT_MS, Int(time / 1_000_000))
    }

    /// The end of the server's own certificate's life, in the TLS library's words.
    var certificateExpiry: String? {
        var info: UnsafeMutablePointer<curl_certinfo>?
        let code = unsafe clibcurl_get_certificates(easy.pointer, &info)
        // The first list is the server's; libcurl owns them all.
        guard code == CURLE_OK, let info = unsafe info, unsafe info.pointee.num_of_certs > 0,
            let lists = unsafe info.pointee.certinfo
        else { return nil }
        var next = unsafe lists[0]
        while let node = unsafe next {
            let line = unsafe String(cString: node.pointee.data)
            if line.hasPrefix("Expire date:") { return String(line.dropFirst(12)) }
            unsafe next = node.pointee.next
        }
        return nil
    }

    /// The address that was connected to; empty for none.
    var address: String {
        var text: UnsafeMutableRawPointer?
        let code = unsafe clibcurl_get_pointer(easy.pointer, CURLINFO_PRIMARY_IP, &text)
        guard code == CURLE_OK, let text = unsafe text else { return "" }
        return unsafe String(cString: text.assumingMemoryBound(to: CChar.self))
    }

    private func set(_ option: CURLoption, _ value: Int) {
        check(unsafe clibcurl_set_long(easy.pointer, option, value))
    }

    private func set(_ option: CURLoption, _ value: String?) {
        guard let value else {
            check(unsafe clibcurl_set_string(easy.pointer, option, nil))
            return
        }
        check(unsafe value.withCString { unsafe clibcurl_set_string(easy.pointer, option, $0) })
    }

    private func check(_ code: CURLcode) {
        if options == CURLE_OK { options = code }
    }
}

/// An easy handle's address; told apart from a multi handle's, which C doesn't.
@safe
struct OpaqueEasy {
    let pointer: UnsafeMutableRawPointer

    init(_ pointer: UnsafeMutableRawPointer) {
        unsafe self.pointer = pointer
    }
}
