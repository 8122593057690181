import CallArchive
import CallArchiveCommands
import FoundationEssentials
import Testing

/// The README's tables against the tables that the program is made of.
struct DocumentationTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let commandLine = "Sources/CallArchive/CallArchive.docc/CommandLine.md"

    private static func text(_ file: String) throws -> String {
        try String(contentsOf: root.appending(path: file), encoding: .utf8)
    }

    /// The cells of the table rows below a heading, its head left out.
    private static func table(
        _ heading: String, of page: String = "README.md"
    ) throws -> [[String]] {
        let lines = try text(page).split(separator: "\n", omittingEmptySubsequences: false)
        let below = lines.drop { $0 != "## \(heading)" }.dropFirst()
        let section = below.prefix { !$0.hasPrefix("## ") }
        return section.filter { $0.hasPrefix("|") }.dropFirst(2).map { row in
            row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { cell in
                    String(String(cell).trimming())
                }
        }
    }

    /// `--since DATE`, `-q`: what stands between backticks.
    private static func terms(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }

    private static func terms(_ option: OptionSpec) -> [String] {
        let value = option.value.placeholder
        return (option.short.map { ["-\($0)"] } ?? [])
            + [option.flag + (value.isEmpty ? "" : " " + value)]
    }

    @Test func `the changelog begins with this version and its day`() throws {
        let changelog = try Self.text("Sources/CallArchive/CallArchive.docc/Changelog.md")
        let first = changelog.split(separator: "\n").first { $0.hasPrefix("## ") }
        #expect(first == "## \(CallArchiveVersion.current), \(CallArchiveVersion.day)")
    }

    @Test func `the table of options is sync's own, with its defaults`() throws {
        let options = OptionTable.options(of: .sync).filter { !$0.hidden }
        var told: [String] = []
        for row in try Self.table("Options of sync") {
            let terms = Self.terms(row[0])
            told += terms
            let names = terms.compactMap { $0.hasPrefix("--") ? $0.dropFirst(2) : nil }
            // A URL that is too long for its cell, and what the system decides.
            if ["Catapult's", "system's"].contains(row[1]) { continue }
            var defaults: [String] = []
            for name in names {
                let option = options.first { $0.name == name.prefix { $0 != " " } }
                let text = option?.defaultText ?? ""
                if !defaults.contains(text) { defaults.append(text) }
            }
            #expect(row[1] == defaults.joined(separator: ", "), "\(row[0])")
        }
        #expect(Set(told) == Set(options.flatMap(Self.terms)))
        #expect(told.count == Set(told).count)
    }

    @Test func `the table of the other commands' options is true`() throws {
        let rows = try Self.table("Options of the other commands", of: Self.commandLine)
        var told: [String] = []
        for row in rows {
            let commands = Self.terms(row[1])
            for term in Self.terms(row[0]) {
                told.append(term)
                let option = OptionTable.all.first { Self.terms($0).contains(term) }
                #expect(option != nil, "\(term)")
                guard let option else { continue }
                let owners = option.commands.map(\.rawValue)
                #expect(Set(commands).isSubset(of: owners), "\(term)")
                if !owners.contains("sync") { #expect(commands == owners, "\(term)") }
                if let text = option.defaultText { #expect(row[2].contains(text), "\(term)") }
            }
        }
        let others = OptionTable.all.filter { !$0.hidden && !$0.commands.contains(.sync) }
        for term in others.flatMap(Self.terms) {
            #expect(told.count { $0 == term } == 1, "\(term)")
        }
    }

    @Test func `the statuses of each command are those of the table`() throws {
        let rows = try Self.table("Exit statuses", of: Self.commandLine)
        for command in Command.allCases where command != .help {
            for status in ExitStatus.all(of: command) {
                let isTold = rows.contains { row in
                    let owners = row[2].split(separator: ", ").map(String.init)
                    return row[0] == "\(status.code)"
                        && (owners == ["all"] || owners.contains(command.rawValue))
                }
                #expect(isTold, "\(command.rawValue) \(status.code)")
            }
        }
        for row in rows {
            for owner in row[2].split(separator: ", ") where owner != "all" {
                let command = Command(rawValue: String(owner))
                let isThere = command.map { command in
                    ExitStatus.all(of: command).contains { "\($0.code)" == row[0] }
                }
                #expect(isThere == true, "\(owner) \(row[0])")
            }
        }
    }

    @Test func `the table of commands has them all, in their order`() throws {
        let rows = try Self.table("Commands").map { Self.terms($0[0]) }
        #expect(rows == Command.allCases.map { [$0.rawValue] })
    }

    @Test func `the table of exit statuses has them all`() throws {
        let rows = try Self.table("Exit statuses").map { $0[0] }
        #expect(rows == ExitStatus.all.map { "\($0.code)" })
    }

    @Test func `the configurations that are shown can be used`() throws {
        let shipped = try Self.text("Scripts/packaging/callarchive.json5")
        var shown = [shipped]
        // Blocks of the article, set in by four columns, that begin with a brace alone.
        let lines = try Self.text(Self.commandLine).split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line == "    {" {
            shown.append(lines[index...].prefix { !$0.isEmpty }.joined(separator: "\n"))
        }
        #expect(shown.count == 3)
        for text in shown {
            #expect(throws: Never.self) {
                try ConfigFile(path: "shown.json5", bytes: Array(text.utf8))
            }
        }
    }

    @Test func `every option is told of somewhere`() throws {
        let pages =
            try Self.text("README.md")
            + Self.text("Sources/CallArchive/CallArchive.docc/CommandLine.md")
        for option in OptionTable.all where !option.hidden {
            let isTold = pages.contains(option.flag)
            #expect(isTold, "\(option.flag)")
        }
    }

    @Test func `no page tells of an option that isn't there`() throws {
        let known = Set(OptionTable.all.map(\.name))
        // Other programs' options, in examples.
        let others: Set<String> = [
            "argjson", "collector", "lines", "now", "option", "prefix", "uninstall",
        ]
        let folder = "Sources/CallArchive/CallArchive.docc"
        let names = ["CommandLine", "Security", "Unattended", "Pipelines", "OnDiskFormats"]
        for page in ["README.md"] + names.map({ "\(folder)/\($0).md" }) {
            let text = try Self.text(page)
            for piece in text.split(separator: "--", omittingEmptySubsequences: false).dropFirst() {
                let name = piece.prefix { $0.isASCII && ($0.isLetter || $0 == "-") }
                guard let first = name.first, first.isLowercase else { continue }
                let isKnown = known.union(others).contains(String(name))
                #expect(isKnown, "\(page): --\(name)")
            }
        }
    }
}

extension String {
    fileprivate func trimming() -> Substring {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return text
    }
}
