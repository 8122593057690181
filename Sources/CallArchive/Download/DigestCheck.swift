import Platform
import Transfer

/// Holds the digests that a response's head states against the bytes.
enum DigestCheck {
    private static let fields: [(name: StaticString, text: String)] = [
        ("content-md5", "Content-MD5"), ("digest", "Digest"),
        ("content-digest", "Content-Digest"), ("repr-digest", "Repr-Digest"),
    ]

    private static let names = fields.map(\.name)

    /// Whether there may be something to hold against the bytes.
    static func isStated(in head: ResponseHead) -> Bool { head.hasField(names) }

    enum Verdict {
        case agrees
        /// With what is wrong.
        case differs(String)
        /// Not all bytes were read.
        case interrupted
    }

    /// A digest of a kind that isn't known says nothing.
    ///
    /// A digest of the message's content counts only where that is the whole object.
    static func verdict(
        _ head: ResponseHead, _ part: PartFile, sha256: [UInt8], isCancelled: () -> Bool
    ) throws(SystemCallError) -> Verdict {
        guard isStated(in: head) else { return .agrees }
        for field in fields {
            for value in head.all(field.name) {
                for stated in DigestHeaders.digests(name: field.text, value: value)
                where stated.scope == .representation || head.status == 200 {
                    let digester: Digester
                    switch stated.algorithm {
                    case .sha256:
                        if sha256 != stated.bytes { return differs(field.text) }
                        continue
                    case .sha512: digester = Digester(.sha512)
                    case .md5: digester = Digester(.md5)
                    }
                    guard try part.hash(into: digester, isCancelled: isCancelled) else {
                        return .interrupted
                    }
                    if let actual = digester.finish(), actual != stated.bytes {
                        return differs(field.text)
                    }
                }
            }
        }
        return .agrees
    }

    private static func differs(_ field: String) -> Verdict {
        .differs("the provider's \(field) header is not that of the bytes")
    }
}
