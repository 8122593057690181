internal import CLibSSL
internal import Glibc

/// The server's certificate and key, loaded.
@safe
final class TLSContext: @unchecked Sendable {
    // Unchecked: SSL_CTX may be used from several threads once it is set up.
    private let context: OpaquePointer

    init(certificate: String, key: String) throws(SimulatorError) {
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw .tls("no context")
        }
        unsafe self.context = unsafe context
        guard unsafe SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
            throw .tls("cannot use the certificate \(certificate)")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 else {
            throw .tls("cannot use the key \(key)")
        }
    }

    deinit {
        unsafe SSL_CTX_free(context)
    }

    func newSession(_ descriptor: Int32) -> OpaquePointer? {
        guard let session = unsafe SSL_new(context) else { return nil }
        unsafe SSL_set_fd(session, descriptor)
        return unsafe session
    }
}
