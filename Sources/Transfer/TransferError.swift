/// Why a transfer brought no usable response; keeps libcurl's own words.
package struct TransferError: Error, Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The host's name has no address.
        case resolve
        /// No connection: refused, unreachable.
        case connect
        case connectTimeout
        /// The handshake broke, not the certificate's fault.
        case tls
        /// The certificate is not to be trusted.
        case certificate
        /// The CA file can't be read.
        case caFile
        /// The connection ended before the response was whole.
        case cut
        /// No byte moved for the stall timeout.
        case stall
        /// Something that is no HTTP came back.
        case malformed
        /// Response headers beyond the limit.
        case oversizedHeaders
        /// The receiver of the bytes turned them down; its own reason counts.
        case refusedBySink
        /// The run was interrupted.
        case interrupted
        /// The request can't be made: URL or protocol not allowed.
        case badRequest
        /// libcurl failed inside (out of memory, a failed init).
        case library
    }

    package var kind: Kind
    /// libcurl's code, 0 when the reason is ours.
    package var code: Int32
    /// libcurl's text, or ours.
    package var text: String

    package init(_ kind: Kind, code: Int32 = 0, text: String) {
        self.kind = kind
        self.code = code
        self.text = text
    }

    /// Another attempt may succeed.
    package var isTransient: Bool {
        switch kind {
        case .resolve, .connect, .connectTimeout, .tls, .cut, .stall, .malformed,
            .oversizedHeaders, .library:
            true
        case .certificate, .caFile, .refusedBySink, .interrupted, .badRequest: false
        }
    }

    /// The certificate would do at another time, in OpenSSL's words: a clock may be wrong.
    package var isAboutTime: Bool {
        kind == .certificate
            && (text.contains("has expired") || text.contains("not yet valid"))
    }

    /// A short stable word for manifests and events.
    package var word: String {
        switch kind {
        case .connectTimeout: "connect-timeout"
        case .caFile: "ca-file"
        case .oversizedHeaders: "oversized-headers"
        case .refusedBySink: "refused"
        case .badRequest: "bad-request"
        default: kind.rawValue
        }
    }
}
