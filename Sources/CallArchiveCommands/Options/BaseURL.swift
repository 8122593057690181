package import Transfer

/// The provider's address, checked: scheme, host and port are the origin that gets credentials.
package struct BaseURL: Sendable, Equatable {
    /// `http` or `https`.
    package let scheme: String
    /// Lower case; an IPv6 address without brackets.
    package let host: String
    package let port: Int?
    /// Begins with a slash or is empty; never ends in one.
    package let path: String

    package static let standard = BaseURL(
        scheme: "https", host: "api.catapult.inetwork.com", port: nil, path: "/v1")

    private init(scheme: String, host: String, port: Int?, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    package init(_ text: String) throws(ValueProblem) {
        guard let separator = text.firstRange(of: "://") else {
            throw ValueProblem("\(quoted(text)) is not an absolute URL")
        }
        scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw ValueProblem("\(quoted(text)) is neither http nor https")
        }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // The text may hold a password here: it is not repeated.
        guard !authority.contains("@") else {
            throw ValueProblem(
                "a user or password stands in it",
                hint: "take them out; credentials have places of their own")
        }
        let path = rest[authority.endIndex...]
        guard !path.contains("?"), !path.contains("#") else {
            throw ValueProblem("\(quoted(text)) has a query or fragment")
        }
        guard
            path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !#""<>\^`{|}"#.utf8.contains($0) })
        else { throw ValueProblem("\(quoted(text)) has characters that must be percent-encoded") }
        guard let address = HostAddress(authority) else {
            throw ValueProblem("\(quoted(text)) has no valid host")
        }
        host = address.host
        port = address.port
        var trimmed = path
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
    }

    package var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(name)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    /// Credentials would cross a network unencrypted.
    package var isExposed: Bool { scheme == "http" && !isLoopback }

    private var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1"
            || (host.hasPrefix("127.")
                && host.split(separator: ".", omittingEmptySubsequences: false).count == 4
                && host.utf8.allSatisfy { $0 == 0x2e || (0x30...0x39).contains($0) })
    }
}

extension ValueSyntax<BaseURL> {
    package static var baseURL: Self {
        ValueSyntax(placeholder: "URL", expected: "a URL as \(BaseURL.standard.text)") {
            text throws(ValueProblem) in try BaseURL(text)
        }
    }
}

extension ValueSyntax<MediaHost> {
    package static var mediaHost: ValueSyntax<MediaHost> {
        ValueSyntax(placeholder: "HOST[:PORT]", expected: "a host as media.example.com") {
            text throws(ValueProblem) in
            guard let address = HostAddress(text[...]) else {
                throw ValueProblem(
                    "\(quoted(text)) is not a host",
                    hint: text.contains("/")
                        ? "give the host alone, without https:// and path" : nil)
            }
            return MediaHost(host: address.host, port: address.port)
        }
    }
}
