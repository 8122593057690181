/// Why the simulator could not start, or what it was given that it doesn't understand.
package enum SimulatorError: Error, CustomStringConvertible, Equatable {
    /// A system call failed; `code` is its errno.
    case system(call: String, code: Int32)
    /// OpenSSL refused a certificate, a key or a context.
    case tls(String)
    /// A fault, an option or a control message is malformed.
    case invalid(String)

    package var description: String {
        switch self {
        case .system(let call, let code): "\(call) failed: errno \(code)"
        case .tls(let what): "TLS: \(what)"
        case .invalid(let what): what
        }
    }
}
