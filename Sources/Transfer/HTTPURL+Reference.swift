extension HTTPURL {
    /// What a reference found in this URL's answer means, as RFC 3986 §5.2 says.
    ///
    /// An absolute reference is kept as given: the provider's links are opaque.
    package func resolve(_ reference: String) throws(InvalidURL) -> HTTPURL {
        if isOfSameSite(reference) { return HTTPURL(reference, onSiteOf: self) }
        try Self.checkCharacters(reference)
        let parts = URLParts(reference)
        if parts.scheme != nil { return try HTTPURL(parts) }
        if parts.authority != nil {
            return try HTTPURL("\(origin.scheme.rawValue):\(parts.withoutFragment)")
        }
        let base = URLParts(text)
        let path: String
        var query = parts.query
        if parts.path.isEmpty {
            path = String(base.path)
            query = query ?? base.query
        } else if parts.path.utf8.first == UInt8(ascii: "/") {
            path = Self.withoutDotSegments(parts.path)
        } else {
            path = Self.withoutDotSegments(Self.merged(base.path, parts.path))
        }
        return try HTTPURL(
            "\(origin.scheme.rawValue)://\(base.authority ?? "")\(path)"
                + (query.map { "?\($0)" } ?? ""))
    }

    /// Whether a reference begins as this URL does before its path, has a path, no fragment, and no
    /// character that is refused: what most links are, told in one look at their bytes.
    private func isOfSameSite(_ reference: String) -> Bool {
        // Both buffers are only looked at, within the closures.
        let isOfSameSite = unsafe text.utf8.withContiguousStorageIfAvailable { known in
            unsafe reference.utf8.withContiguousStorageIfAvailable { bytes in
                guard known.count >= siteLength, bytes.count > siteLength,
                    unsafe bytes[siteLength] == UInt8(ascii: "/"),
                    unsafe bytes[..<siteLength].elementsEqual(known[..<siteLength])
                else { return false }
                return unsafe bytes[siteLength...].allSatisfy { byte in
                    Self.isHarmless(byte) && byte != UInt8(ascii: "#")
                }
            }
        }
        return (isOfSameSite ?? nil) ?? false
    }

    /// The base's path up to its last slash, and the reference behind it.
    private static func merged(_ base: Substring, _ reference: Substring) -> Substring {
        guard let slash = base.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return "/" + reference
        }
        return base[...slash] + reference
    }

    /// RFC 3986 §5.2.4, for a path that begins with a slash.
    private static func withoutDotSegments(_ path: Substring) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (place, segment) in segments.enumerated() {
            let isLast = place == segments.count - 1
            switch segment {
            case ".":
                if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default:
                kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}
