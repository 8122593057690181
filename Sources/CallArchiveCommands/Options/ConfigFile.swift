package import CallArchive
import FoundationEssentials

/// The texts of a JSON5 configuration file, by option name.
package struct ConfigFile: Sendable {
    package struct Entry: Sendable {
        /// One text; several for a list.
        package let texts: [String]
        /// Counts from 1; nil when it could not be found.
        package let line: Int?
    }

    package let path: String
    package private(set) var entries: [String: Entry] = [:]

    /// The one key that is no option.
    package static let archiveKey = "archive"

    package init(path: String, bytes: [UInt8]) throws(ArchiveError) {
        self.path = path
        let outline = ConfigOutline(bytes)
        func fail(_ why: String, line: Int?, hint: String? = nil) -> ArchiveError {
            ArchiveError(
                .usage, "invalid configuration file \(Self.place(path, line: line))", why: why,
                hint: hint)
        }
        // The decoder traps on some broken UTF-8 where it reads JSON5.
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw fail(
                "it is not UTF-8 text", line: nil, hint: "save it as UTF-8, which JSON5 files are")
        }
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let values: [String: Value]
        do {
            values = try decoder.decode([String: Value].self, from: Data(bytes))
        } catch {
            throw fail(
                outline.problem?.why ?? "it is not a JSON5 object",
                line: outline.problem?.line,
                hint: #"write { "option-name": value, … }; comments and a last comma are fine"#)
        }
        var seen: Set<String> = []
        for member in outline.members where !seen.insert(member.key).inserted {
            throw fail("the key \(quoted(member.key)) stands in it twice", line: member.line)
        }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            let line = outline.members.first { $0.key == key }?.line
            if let problem = Self.refusal(of: key) {
                throw fail(problem.why, line: line, hint: problem.hint)
            }
            guard let texts = value.texts else {
                throw fail(
                    outline.problem?.why
                        ?? "\(quoted(key)) is neither a text nor a number nor true or false",
                    line: outline.problem?.line ?? line)
            }
            if value.isList, OptionTable.named(key)?.repeatable != true {
                throw fail("\(quoted(key)) takes one value, not a list", line: line)
            }
            if texts.contains("") { throw fail("\(quoted(key)) is empty", line: line) }
            // `null` leaves an option as if it were not there.
            if !texts.isEmpty { entries[key] = Entry(texts: texts, line: line) }
        }
    }

    /// `'/etc/callarchive.json5', line 3`.
    package static func place(_ path: String, line: Int?) -> String {
        quoted(path) + (line.map { ", line \($0)" } ?? "")
    }

    private static func refusal(of key: String) -> ValueProblem? {
        if key == archiveKey { return nil }
        if let spec = OptionTable.named(key) {
            if spec.reach == .anywhere { return nil }
            return ValueProblem("\(quoted(key)) can't be set in a configuration file")
        }
        if ["token", "secret", "password", "credentials"].contains(key.lowercased()) {
            return ValueProblem(
                "\(quoted(key)) is no option: credentials do not stand in it",
                hint: "put them in a file of their own and name it as \"credentials-file\"")
        }
        let keys = OptionTable.all.filter { $0.reach == .anywhere }.map(\.name) + [archiveKey]
        let name = key.drop { $0 == "-" }.map { $0 == "_" ? "-" : $0 }
        let near = Spelling.nearest(to: String(name), among: keys)
        return ValueProblem(
            "unknown key \(quoted(key))",
            hint: near.map { "did you mean \"\($0)\"?" }
                ?? "keys are the options' names without dashes in front")
    }
}

/// What may stand behind a key.
private enum Value: Decodable {
    case text(String)
    case number(Double)
    case truth(Bool)
    case list([Value])
    case none
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([Value].self) {
            self = .list(list)
        } else {
            self = .other
        }
    }

    var isList: Bool {
        if case .list = self { true } else { false }
    }

    /// As they would stand on the command line; nil for what could not.
    var texts: [String]? {
        switch self {
        case .text(let text): return [text]
        case .number(let number):
            return [Int(exactly: number).map(String.init) ?? "\(number)"]
        case .truth(let truth): return [truth ? "1" : "0"]
        case .list(let values):
            var all: [String] = []
            for value in values {
                guard !value.isList, let texts = value.texts, texts.count == 1 else { return nil }
                all += texts
            }
            return all
        case .none: return []
        case .other: return nil
        }
    }
}
