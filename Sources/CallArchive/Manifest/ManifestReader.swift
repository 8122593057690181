import Platform

/// Why bytes are no manifest.
package enum ManifestError: Error, Sendable, Equatable {
    case malformed(JSONError)
    /// Another schema, or none.
    case schema(String?)
}

extension ManifestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let error): "it is no whole JSON: \(error)"
        case .schema(let found?): "its schema is '\(found)', not '\(ManifestHeader.schema)'"
        case .schema(nil): "it names no schema"
        }
    }
}

/// Reads a manifest entry by entry; members may stand in any order, those not known are skipped.
package struct ManifestReader: Sendable {
    /// What was said of the whole; what is missing or of a wrong type is nil.
    package private(set) var generator: String?
    package private(set) var provider: String?
    package private(set) var account: String?
    package private(set) var listing: ManifestHeader.Listing?
    /// Entries that name no recording.
    package private(set) var unreadable = 0
    private var schema: String?

    /// Walks all bytes, which may be a file's mapping, and hands out each entry.
    ///
    /// Throws at the first byte that is no JSON, when entries before it were handed out already.
    package init(
        _ bytes: Span<UInt8>, entry body: (ArchiveEntry) -> Void
    ) throws(ManifestError) {
        do throws(JSONError) {
            var cursor = JSONCursor()
            cursor.skipByteOrderMark(bytes)
            if try cursor.enterObject(bytes) {
                repeat {
                    try read(&cursor, bytes, body)
                } while try cursor.hasNextMember(bytes)
            }
            try cursor.expectEnd(bytes)
        } catch {
            throw .malformed(error)
        }
        guard schema == ManifestHeader.schema else { throw .schema(schema) }
    }

    private mutating func read(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ body: (ArchiveEntry) -> Void
    ) throws(JSONError) {
        let key = try cursor.key(bytes)
        if key.equals("recordings", in: bytes), cursor.peek(bytes) == .array {
            guard try cursor.enterArray(bytes) else { return }
            repeat {
                if let entry = try ManifestEntryJSON.read(&cursor, bytes) {
                    body(entry)
                } else {
                    unreadable += 1
                }
            } while try cursor.hasNextElement(bytes)
        } else if key.equals("listing", in: bytes), cursor.peek(bytes) == .object {
            listing = try Self.listing(&cursor, bytes)
        } else {
            let text = try cursor.value(bytes).string(in: bytes)
            switch key.string(in: bytes) {
            case "schema": schema = text
            case "generator": generator = text
            case "provider": provider = text
            case "account": account = text
            default: break
            }
        }
    }

    private static func listing(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONError) -> ManifestHeader.Listing {
        var listing = ManifestHeader.Listing(complete: false, pages: 0)
        guard try cursor.enterObject(bytes) else { return listing }
        repeat {
            let key = try cursor.key(bytes)
            let value = try cursor.value(bytes)
            if key.equals("complete", in: bytes) {
                listing.complete = value.boolean ?? false
            } else if key.equals("completedAt", in: bytes) {
                listing.completedAt = value.string(in: bytes).flatMap(Timestamp.init(iso8601:))
            } else if key.equals("pages", in: bytes) {
                listing.pages = value.integer(in: bytes).flatMap { Int(exactly: $0) } ?? 0
            }
        } while try cursor.hasNextMember(bytes)
        return listing
    }
}
