import CLibCurl
import CLibSSL
import Platform
import Synchronization

/// The certificates of the authorities that are trusted, read once for all connections.
///
/// libcurl reads them anew for each loop, and where there is a folder of them, as on Debian, for
/// each connection: 40 ms and a megabyte every time. Read when the first connection needs them.
/// From any thread: OpenSSL locks within a store and counts who holds it.
@safe final class TrustStore: Sendable {
    private struct State {
        /// nil before the first connection, and while they can't be read.
        var certificates: Certificates?
        var failure: String?
    }

    @safe private struct Certificates: @unchecked Sendable {
        // @unchecked: OpenSSL locks it. Owned for the process's life, as the object is.
        let store: OpaquePointer
    }

    private static let all = Locked<[String?: TrustStore]>([:])

    /// PEM bundle in place of the system's.
    private let file: String?
    private let state = Locked(State())

    private init(file: String?) {
        self.file = file
    }

    /// The store of a bundle, nil for the system's; nil where libcurl's TLS is not OpenSSL's.
    static func shared(file: String?) -> TrustStore? {
        guard CurlLibrary.usesOpenSSL else { return nil }
        return all.withLock { all in
            if let known = all[file] { return known }
            let made = TrustStore(file: file)
            all[file] = made
            return made
        }
    }

    /// Why there are no certificates; nil while there is no trouble.
    var failure: String? { state.withLock { $0.failure } }

    /// Gives the store to a connection that is being made; false when it can't be read.
    func attach(to context: OpaquePointer) -> Bool {
        state.withLock { state in
            if state.certificates == nil { read(&state) }
            guard let certificates = state.certificates else { return false }
            unsafe SSL_CTX_set1_cert_store(context, certificates.store)
            return true
        }
    }

    private func read(_ state: inout State) {
        guard let store = unsafe X509_STORE_new() else {
            state.failure = "out of memory"
            return
        }
        // As libcurl does: an authority in the middle of a chain may be trusted by itself.
        unsafe X509_STORE_set_flags(
            store, UInt(X509_V_FLAG_TRUSTED_FIRST) | UInt(X509_V_FLAG_PARTIAL_CHAIN))
        let places = file.map { (file: $0, folder: nil) } ?? CurlLibrary.systemCertificates
        // A folder is only looked at when a certificate is looked for, so it says nothing by itself.
        var isRead = true
        if let file = places.file { isRead = unsafe X509_STORE_load_file(store, file) == 1 }
        if let folder = places.folder {
            unsafe isRead = X509_STORE_load_path(store, folder) == 1 && isRead
        }
        if isRead, places.file != nil || places.folder != nil {
            state = unsafe State(certificates: Certificates(store: store))
            return
        }
        unsafe X509_STORE_free(store)
        state.failure =
            "no certificate of an authority can be read from "
            + ((places.file ?? places.folder).map { "'\($0)'" } ?? "anywhere")
    }
}

/// libcurl's call before a connection's TLS begins; `data` is the `TrustStore`.
func prepareTrust(
    _ easy: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
    _ data: UnsafeMutableRawPointer?
) -> CURLcode {
    guard let context = unsafe context, let data = unsafe data else {
        return CURLE_SSL_CACERT_BADFILE
    }
    // Alive: stores are never let go of.
    let store = unsafe Unmanaged<TrustStore>.fromOpaque(data).takeUnretainedValue()
    return unsafe store.attach(to: OpaquePointer(context)) ? CURLE_OK : CURLE_SSL_CACERT_BADFILE
}
