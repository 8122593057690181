import Platform
import Transfer

/// Holds the digests that a response's head states against the bytes.
enum DigestCheck {
    private static let fields: [(name: StaticString, text: String)] = [
        ("content-md5", "Content-MD5"), ("digest", "Digest"),
        ("content-digest", "Content-Digest"), ("repr-digest", "Repr-Digest"),
    ]

    /// What is wrong, or nil; a digest of a kind that isn't known says nothing.
    ///
    /// A digest of the message's content counts only where that is the whole object.
    static func complaint(
        _ head: ResponseHead, _ part: PartFile, sha256: [UInt8]
    ) throws(SystemCallError) -> String? {
        for field in fields {
            for value in head.all(field.name) {
                for stated in DigestHeaders.digests(name: field.text, value: value)
                where stated.scope == .representation || head.status == 200 {
                    let actual = try digest(stated.algorithm, of: part, sha256: sha256)
                    if let actual, actual != stated.bytes {
                        return "the provider's \(field.text) header is not that of the bytes"
                    }
                }
            }
        }
        return nil
    }

    private static func digest(
        _ algorithm: HeaderDigest.Algorithm, of part: PartFile, sha256: [UInt8]
    ) throws(SystemCallError) -> [UInt8]? {
        let digester: Digester
        switch algorithm {
        case .sha256: return sha256
        case .sha512: digester = Digester(.sha512)
        case .md5: digester = Digester(.md5)
        }
        try part.hash(into: digester)
        return digester.finish()
    }
}
