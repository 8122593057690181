/// How a part is gone on with; a pure function of what is known of it.
///
/// | part | known | asked for |
/// |---|---|---|
/// | empty or larger than the whole | | all of it |
/// | some bytes | strong ETag | the rest, If-Range |
/// | all bytes | strong ETag | the last byte again, If-Range |
/// | some or all bytes | no ETag, but the whole's length | the rest and a tail again, to compare |
/// | some bytes | neither | all of it |
package enum ResumePlan: Sendable, Equatable {
    /// From the first byte.
    case fresh
    /// From `from` on, where the bytes up to the part's end are there already and must agree.
    case range(from: Int64, ifRange: String?)

    /// Bytes of the tail that are asked for again when no strong validator vouches for them.
    package static let overlap: Int64 = 64 << 10

    package init(size: Int64, partial: Partial?) {
        guard size > 0, let partial, size <= partial.total ?? .max else {
            self = .fresh
            return
        }
        if let etag = partial.etag, Self.isStrong(etag) {
            self = .range(from: size == partial.total ? size - 1 : size, ifRange: etag)
        } else if partial.total != nil {
            // A date vouches for its second only, so it never replaces the comparison.
            let date = partial.etag == nil ? partial.lastModified : nil
            self = .range(from: max(0, size - Self.overlap), ifRange: date)
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
