/// An absolute http or https URL, checked so strictly that no two readers of it can disagree on
/// whom it asks.
package struct HTTPURL: Sendable, Hashable {
    package let origin: Origin
    /// The URL as it was given, without its fragment.
    package let text: String
    /// How many of the text's bytes stand before its path: scheme, `://` and authority.
    let siteLength: Int

    /// Refuses other schemes, user info, control characters, spaces, backslashes and hosts with
    /// anything but letters, digits, `.`, `-` and `_`.
    package init(_ text: String) throws(InvalidURL) {
        try Self.checkCharacters(text)
        try self.init(URLParts(text))
    }

    /// Of a reference whose characters are known to be harmless.
    init(_ parts: URLParts) throws(InvalidURL) {
        guard let scheme = parts.scheme else { throw .relative }
        guard let known = Origin.Scheme(scheme) else { throw .scheme(String(scheme)) }
        guard let authority = parts.authority else { throw .badHost }
        origin = try Origin(scheme: known, authority: authority.utf8)
        text = String(parts.withoutFragment)
        siteLength = parts.withoutFragment.utf8.distance(
            from: parts.withoutFragment.startIndex, to: authority.endIndex)
    }

    /// A URL of the same site, which begins with the very bytes that this one has before its path.
    init(_ text: String, onSiteOf known: HTTPURL) {
        self.text = text
        origin = known.origin
        siteLength = known.siteLength
    }

    static func checkCharacters(_ text: String) throws(InvalidURL) {
        guard text.utf8.allSatisfy(isHarmless) else { throw .badCharacter }
    }

    @inline(__always)
    static func isHarmless(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\")
    }
}

extension HTTPURL: CustomStringConvertible {
    package var description: String { text }
}

/// Why a text is no URL that may be asked.
package enum InvalidURL: Error, Sendable, Equatable {
    /// No scheme.
    case relative
    /// Neither http nor https.
    case scheme(String)
    case badHost
    case badPort
    /// A name or password before the host.
    case userInfo
    /// A control character, a space or a backslash.
    case badCharacter
}

extension InvalidURL: CustomStringConvertible {
    package var description: String {
        switch self {
        case .relative: "it doesn't begin with http:// or https://"
        case .scheme(let scheme): "'\(scheme)' is neither http nor https"
        case .badHost: "its host is missing or malformed"
        case .badPort: "its port is no number from 1 to 65535"
        case .userInfo: "it has a user name or password in it"
        case .badCharacter: "it has a space, a backslash or a control character in it"
        }
    }
}
