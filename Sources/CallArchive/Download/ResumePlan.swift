/// How a part is gone on with; a pure function of what is known of it.
///
/// | part | known | asked for |
/// |---|---|---|
/// | empty or larger than the whole | | all of it |
/// | some bytes | strong ETag | the rest, If-Range |
/// | all bytes | strong ETag | the last byte again, If-Range |
/// | some or all bytes | no ETag, but the whole's length | the rest and a tail again, to compare |
/// | some bytes | neither | all of it |
/// | bytes behind the last checkpoint | any of these | those again too, to compare |
package enum ResumePlan: Sendable, Equatable {
    /// From the first byte.
    case fresh
    /// From `from` on, where the bytes up to the part's end are there already and must agree.
    case range(from: Int64, ifRange: String?)

    /// Bytes of the tail that are asked for again when no strong validator vouches for them.
    package static let overlap: Int64 = 64 << 10

    /// `trusted`: so many of the part's `size` bytes are known to be the provider's; the rest
    /// is asked for again, to compare. All, when nothing is said.
    package init(size: Int64, partial: Partial?, trusted: Int64? = nil) {
        let trusted = min(trusted ?? size, size)
        guard trusted > 0, let partial, size <= partial.total ?? .max else {
            self = .fresh
            return
        }
        if let etag = partial.etag, Self.isStrong(etag) {
            let from = min(trusted, size == partial.total ? size - 1 : size)
            self = .range(from: from, ifRange: etag)
        } else if partial.total != nil {
            // A date vouches for its second only, so it never replaces the comparison.
            let date = partial.etag == nil ? partial.lastModified : nil
            let from = min(trusted, size - Self.overlap)
            self = from > 0 ? .range(from: from, ifRange: date) : .fresh
        } else {
            self = .fresh
        }
    }

    /// A validator that promises the same bytes (RFC 9110 §8.8.1).
    static func isStrong(_ etag: String) -> Bool {
        etag.hasPrefix("\"") && etag.hasSuffix("\"") && etag.utf8.count > 2
    }

    /// The request's fields.
    package var headers: [String] {
        switch self {
        case .fresh: []
        case .range(let from, let ifRange):
            ["Range: bytes=\(from)-"] + (ifRange.map { ["If-Range: \($0)"] } ?? [])
        }
    }
}
