package import CallArchive

/// The findings of `doctor` for people: level, what was looked at, how it was found, its mend.
package enum FindingPage {
    private static let levelWidth = 9
    private static let checkWidth = 15
    /// A window narrower than this gets whole lines, and breaks them itself.
    private static let leastWidth = 56

    /// Lines that each end in a line feed; wrapped to `width` columns, not at all for nil.
    package static func render(_ finding: Finding, width: Int?, paint: Paint = .none) -> String {
        let level = finding.level.rawValue
        let head =
            paint(level, ink(finding.level)) + spaces(levelWidth - level.count)
            + finding.check.rawValue + spaces(checkWidth - finding.check.rawValue.count)
        var texts = [finding.message]
        texts += finding.causes.map { "caused by: \($0)" }
        if let mend = finding.mend { texts.append("mend: \(mend)") }
        let margin = spaces(levelWidth + checkWidth)
        let room = width.flatMap { $0 < leastWidth ? nil : $0 - margin.count }
        var lines: [String] = []
        for text in texts { lines += Wording.wrap(escaped(text), room: room) }
        return head + lines.joined(separator: "\n" + margin) + "\n"
    }

    private static func ink(_ level: Finding.Level) -> Paint.Ink {
        switch level {
        case .ok: .good
        case .warning: .doubtful
        case .error: .bad
        }
    }

    private static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: max(1, count))
    }
}

extension OutputShapes {
    package static let findingSchema = "callarchive.finding/1"

    /// A finding's object; `exitStatus` is what it makes doctor end with, 0 for none.
    package static func diagnosis(_ finding: Finding) -> [UInt8] {
        JSONValue.object([
            .init("schema", .string(findingSchema)),
            .init("check", .string(finding.check.rawValue)),
            .init("level", .string(finding.level.rawValue)),
            .init("message", .string(finding.message)),
            .init("causes", .array(finding.causes.map { .string($0) })),
            .init("mend", .string(finding.mend)),
            .init("exitStatus", .integer(Int64(ExitStatus(finding).code))),
        ]).line
    }
}

extension ExitStatus {
    package init(_ finding: Finding) {
        self = finding.kind.map(ExitStatus.init) ?? .success
    }
}
