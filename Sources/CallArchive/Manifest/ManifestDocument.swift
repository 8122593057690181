import Platform

/// The manifest in pieces, so that it can be written without holding it: header, entries, footer.
///
/// Each entry is one line.
package enum ManifestDocument {
    package static func header(_ header: ManifestHeader) -> [UInt8] {
        var text = JSONText()
        text.raw("{\n")
        text.key("schema")
        text.string(ManifestHeader.schema)
        text.line("generator", header.generator)
        text.line("generatedAt", header.generatedAt.iso8601)
        text.line("provider", header.provider)
        text.line("account", header.account)
        text.raw(",\n")
        text.key("listing")
        text.raw("{")
        text.key("complete")
        text.boolean(header.listing.complete)
        text.member("completedAt", header.listing.completedAt)
        text.member("pages", header.listing.pages)
        text.raw("},\n")
        text.key("summary")
        append(header.summary, to: &text)
        text.raw(",\n")
        text.key("recordings")
        text.raw("[\n")
        return text.bytes
    }

    package static func entry(_ entry: ArchiveEntry, isFirst: Bool) -> [UInt8] {
        var text = JSONText()
        append(entry, isFirst: isFirst, to: &text)
        return text.bytes
    }

    /// Like `entry`, into a text that is used again.
    package static func append(
        _ entry: some EntryFields, isFirst: Bool, to text: inout JSONText
    ) {
        if !isFirst { text.raw(",\n") }
        ManifestEntryJSON.append(entry, to: &text)
    }

    package static func footer() -> [UInt8] { Array("\n]}\n".utf8) }

    /// The object that `status` and events show too.
    package static func append(_ summary: ArchiveSummary, to text: inout JSONText) {
        text.raw("{")
        text.key("listed")
        text.integer(summary.listed)
        text.member("archived", summary.archived)
        text.member("waiting", summary.waiting)
        text.member("pending", summary.pending)
        text.member("failed", summary.failed)
        text.member("gone", summary.gone)
        text.member("unavailable", summary.unavailable)
        text.member("bytes", summary.bytes)
        text.raw("}")
    }
}

extension JSONText {
    /// A member on a line of its own, behind another one.
    fileprivate mutating func line(_ name: StaticString, _ value: String) {
        raw(",\n")
        key(name)
        string(value)
    }
}
