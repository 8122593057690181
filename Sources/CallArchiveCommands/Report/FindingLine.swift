package import CallArchive

/// A finding of `verify` for people: file, problem, what was expected and found.
package enum FindingLine {
    /// As `recordings/…/x.wav: size: expected 1496384 bytes, found 1000 bytes`.
    package static func render(_ finding: VerifyFinding) -> String {
        var text = "\(escaped(finding.file)): \(finding.problem.rawValue)"
        var parts: [String] = []
        if let expected = finding.expected { parts.append("expected \(words(expected))") }
        if let found = finding.found { parts.append("found \(words(found))") }
        if !parts.isEmpty { text += ": " + parts.joined(separator: ", ") }
        if let id = finding.id { text += " (recording \(quoted(id)))" }
        return text + "\n"
    }

    private static func words(_ value: VerifyFinding.Value) -> String {
        switch value {
        case .bytes(let count): count == 1 ? "1 byte" : "\(count) bytes"
        case .sha256(let digest): digest
        case .text(let text): escaped(text)
        }
    }
}

extension OutputShapes {
    /// A finding's object; `expected` and `found` are bytes, a SHA-256, a text or null.
    package static func finding(_ finding: VerifyFinding) -> [UInt8] {
        JSONValue.object([
            .init("id", .string(finding.id)),
            .init("file", .string(finding.file)),
            .init("problem", .string(finding.problem.rawValue)),
            .init("expected", value(finding.expected)),
            .init("found", value(finding.found)),
        ]).line
    }

    private static func value(_ value: VerifyFinding.Value?) -> JSONValue {
        switch value {
        case .bytes(let count): .integer(count)
        case .sha256(let text), .text(let text): .string(text)
        case nil: .null
        }
    }
}
