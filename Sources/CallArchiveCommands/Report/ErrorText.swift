package import CallArchive

/// An error as people and log readers see it; whatever stands in it is escaped.
package enum ErrorText {
    /// `error: what: why`, then `  caused by:` and `  hint:` lines, each ending in a line feed.
    package static func render(_ error: ArchiveError) -> String {
        var text = "error: \(escaped(headline(error)))\n"
        for cause in error.causes { text += "  caused by: \(escaped(cause))\n" }
        if let hint = error.hint { text += "  hint: \(escaped(hint))\n" }
        return text
    }

    /// `what: why`, not escaped yet.
    package static func headline(_ error: ArchiveError) -> String {
        error.why.isEmpty ? error.what : "\(error.what): \(error.why)"
    }

    /// The members that a JSON log line or event gets.
    package static func members(_ error: ArchiveError) -> [JSONValue.Member] {
        [
            .init("what", .string(error.what)),
            .init("why", .string(error.why)),
            .init("causes", .array(error.causes.map { .string($0) })),
            .init("hint", .string(error.hint)),
        ]
    }
}
