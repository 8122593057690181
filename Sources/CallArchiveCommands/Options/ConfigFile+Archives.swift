import CallArchive

/// The archives that a configuration file names.
extension ConfigFile {
    package static let archivesKey = "archives"
    /// What an archive must say itself: two with the same would be a slip.
    package static let required = [archiveKey, "user-id"]
    /// Longer names make log lines hard to read.
    private static let longestName = 64

    /// One member of `"archives"`.
    package struct Archive: Sendable {
        package let name: String
        package let line: Int?
        package let entries: [String: Entry]
    }

    /// Why no archive can have this name; nil for a good one.
    static func nameProblem(_ name: String) -> ValueProblem? {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "._-".utf8.contains(byte)
        }
        guard
            !isPlain || name.isEmpty || name.hasPrefix("-") || name.hasPrefix(".")
                || name.utf8.count > longestName
        else { return nil }
        return ValueProblem(
            "\(quoted(name)) is no name for an archive",
            hint: "letters, digits, '.', '_' and '-', at most \(longestName), and no dot or dash "
                + "in front")
    }

    /// Why a key can't stand in an archive's own section, though it can at the file's top.
    static func sectionRefusal(of key: String) -> ValueProblem? {
        if key == archivesKey {
            return ValueProblem("archives can't stand in an archive")
        }
        guard let spec = OptionTable.named(key), spec.reach == .anywhere else { return nil }
        guard spec.isGlobal || ["json", "progress"].contains(key) else { return nil }
        return ValueProblem(
            "\(quoted(key)) is for all archives alike", hint: "put it at the file's top")
    }

    /// The first two archives that lie in one folder.
    static func sharedFolder(_ archives: [Archive]) -> (first: Archive, second: Archive)? {
        var seen: [String: Archive] = [:]
        for archive in archives {
            var path = archive.entries[archiveKey]?.texts.first ?? ""
            while path.count > 1, path.hasSuffix("/") { path.removeLast() }
            if let first = seen.updateValue(archive, forKey: path) { return (first, archive) }
        }
        return nil
    }
}
