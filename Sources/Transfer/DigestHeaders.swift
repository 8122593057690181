/// A hash that the server gives of what it sends.
package struct HeaderDigest: Sendable, Equatable {
    package enum Algorithm: String, Sendable {
        case md5
        case sha256 = "sha-256"
        case sha512 = "sha-512"

        package var byteCount: Int {
            switch self {
            case .md5: 16
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    package enum Scope: Sendable {
        /// Of the body of this very answer: of a partial one, of that part.
        case content
        /// Of the whole object, also when only a part is sent.
        case representation
    }

    package var algorithm: Algorithm
    package var bytes: [UInt8]
    package var scope: Scope

    package init(algorithm: Algorithm, bytes: [UInt8], scope: Scope) {
        self.algorithm = algorithm
        self.bytes = bytes
        self.scope = scope
    }
}

/// Reads `Content-MD5` (RFC 1864), `Digest` (RFC 3230), `Content-Digest` and `Repr-Digest`
/// (RFC 9530).
package enum DigestHeaders {
    /// What a field of this name says; other fields, algorithms not known and hashes of a wrong
    /// length give nothing.
    package static func digests(name: String, value: String) -> [HeaderDigest] {
        switch name.lowercased() {
        case "content-md5":
            return digest("md5", trimmed(value.utf8[...]), .content).map { [$0] } ?? []
        case "digest":
            return members(value).compactMap { name, value in
                digest(name, value, .representation)
            }
        case "content-digest": return structured(value, .content)
        case "repr-digest": return structured(value, .representation)
        default: return []
        }
    }

    /// A dictionary whose values are bytes: `sha-256=:…:`; parameters behind a value are skipped.
    private static func structured(
        _ value: String, _ scope: HeaderDigest.Scope
    ) -> [HeaderDigest] {
        members(value).compactMap { name, value in
            guard value.first == UInt8(ascii: ":") else { return nil }
            let inner = value.dropFirst()
            guard let end = inner.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return digest(name, inner[..<end], scope)
        }
    }

    /// `name=value` pairs between commas, which no hash has in it.
    private static func members(_ value: String) -> [(String, Substring.UTF8View)] {
        value.utf8.split(separator: UInt8(ascii: ",")).compactMap { member in
            let member = trimmed(member)
            guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = Substring(trimmed(member[..<equals])).lowercased()
            return (name, trimmed(member[member.index(after: equals)...]))
        }
    }

    private static func digest(
        _ name: String, _ text: Substring.UTF8View, _ scope: HeaderDigest.Scope
    ) -> HeaderDigest? {
        guard let algorithm = HeaderDigest.Algorithm(rawValue: name),
            let bytes = Base64.decode(text), bytes.count == algorithm.byteCount
        else { return nil }
        return HeaderDigest(algorithm: algorithm, bytes: bytes, scope: scope)
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
        return text
    }
}

/// Base64 by RFC 4648 §4; padding may be missing.
enum Base64 {
    /// nil for any other character, and for a length or padding that no bytes have.
    static func decode(_ text: Substring.UTF8View) -> [UInt8]? {
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = text.dropLast(padding)
        guard padding <= 2, padding == 0 || (digits.count + padding).isMultiple(of: 4),
            digits.count % 4 != 1
        else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(digits.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in digits {
            guard let digit = value(byte) else { return nil }
            bits = bits << 6 | digit
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return output
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
