/// Who is asked: scheme, host and port of a URL. Credentials belong to exactly one of them.
///
/// Compared as written but for case: `host.` and `host` are two origins, so are two spellings of
/// one IPv6 address.
package struct Origin: Sendable, Hashable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }

        /// In any case.
        init?(_ text: Substring) {
            if let known = Scheme(rawValue: String(text)) ?? Scheme(rawValue: text.lowercased()) {
                self = known
            } else {
                return nil
            }
        }
    }

    package let scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    package let host: String
    /// Always a number: the scheme's own when the URL names none.
    package let port: Int

    /// The origin of an absolute http or https URL.
    package init(url: String) throws(InvalidURL) {
        self = try HTTPURL(url).origin
    }

    package var isSecure: Bool { scheme == .https }
}

extension Origin {
    /// Reads what stands between `//` and the path.
    init(scheme: Scheme, authority: Substring.UTF8View) throws(InvalidURL) {
        guard !authority.contains(UInt8(ascii: "@")) else { throw .userInfo }
        let host: Substring.UTF8View
        let rest: Substring.UTF8View
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .badHost }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.allSatisfy(Self.isIPv6), host.filter({ $0 == UInt8(ascii: ":") }).count >= 2
            else { throw .badHost }
        } else {
            let end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
            host = authority[..<end]
            rest = authority[end...]
            guard !host.isEmpty, host.allSatisfy(Self.isName) else { throw .badHost }
        }
        self.scheme = scheme
        self.host = Substring(host).lowercased()
        port = try Self.port(rest) ?? scheme.defaultPort
    }

    /// Reads `:8080`; nil for nothing and for a colon alone.
    private static func port(_ text: Substring.UTF8View) throws(InvalidURL) -> Int? {
        guard let colon = text.first else { return nil }
        guard colon == UInt8(ascii: ":") else { throw .badHost }
        let digits = text.dropFirst()
        guard digits.count <= 5, digits.allSatisfy(Self.isDigit) else { throw .badPort }
        guard !digits.isEmpty else { return nil }
        guard let port = Int(Substring(digits)), (1...65_535).contains(port) else { throw .badPort }
        return port
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") <= 25
    }

    /// A percent sign is none: some would decode it to another host.
    private static func isName(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private static func isIPv6(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") <= 5 || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".")
    }
}

extension Origin: CustomStringConvertible {
    /// As a URL has it, the scheme's own port left out.
    package var description: String { "\(scheme.rawValue)://\(authority)" }

    /// Host and port as a URL has them, and as `--media-host` takes them.
    package var authority: String {
        let shown = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == scheme.defaultPort ? shown : "\(shown):\(port)"
    }
}
