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
    /// In the file's order.
    package private(set) var archives: [Archive] = []

    /// One of the two keys that are no options.
    package static let archiveKey = "archive"

    package init(path: String, bytes: [UInt8]) throws(ArchiveError) {
        self.path = path
        let outline = ConfigOutline(bytes)
        func fail(_ why: String, line: Int?, hint: String?) -> ArchiveError {
            ArchiveError(
                .usage, "invalid configuration file \(Self.place(path, line: line))", why: why,
                hint: hint)
        }
        // The decoder traps on some broken UTF-8 where it reads JSON5.
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw fail(
                "it is not UTF-8 text", line: nil, hint: "save it as UTF-8, which JSON5 files are")
        }
        if let line = BrokenExponent.line(in: bytes) {
            throw fail(
                "a number's exponent has no digits", line: line,
                hint: "write 1e+3, or the number without an exponent")
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
        var seen: Set<[String]> = []
        for member in outline.members
        where !seen.insert(member.parents + [member.key]).inserted {
            throw fail(
                "the key \(quoted(member.key)) stands in it twice", line: member.line, hint: nil)
        }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) where key != Self.archivesKey {
            let line = outline.line(of: key)
            do throws(ValueProblem) {
                entries[key] = try Self.entry(key, value, line)
            } catch {
                // A broken list or object shows as a value of no kind: the outline knows better.
                throw fail(
                    value.isOther ? outline.problem?.why ?? error.why : error.why,
                    line: value.isOther ? outline.problem?.line ?? line : line, hint: error.hint)
            }
        }
        guard let sections = values[Self.archivesKey], !sections.isAbsent else { return }
        let place = outline.line(of: Self.archivesKey)
        guard case .object(let named) = sections else {
            throw fail(
                "\(quoted(Self.archivesKey)) is no object", line: place,
                hint: #"write "archives": { "name": { "user-id": …, "archive": … } }"#)
        }
        let order = outline.members.filter { $0.parents == [Self.archivesKey] }.map(\.key)
        let names = named.keys.sorted {
            (order.firstIndex(of: $0) ?? .max, $0) < (order.firstIndex(of: $1) ?? .max, $1)
        }
        for name in names {
            archives.append(try Self.archive(name, named[name] ?? .none, outline, fail))
        }
        if let (first, second) = Self.sharedFolder(archives) {
            throw fail(
                "the archives \(quoted(first.name)) and \(quoted(second.name)) share one folder",
                line: second.entries[Self.archiveKey]?.line,
                hint: "an archive belongs to one account; give each its own folder")
        }
    }

    private static func archive(
        _ name: String, _ value: Value, _ outline: ConfigOutline,
        _ fail: (String, Int?, String?) -> ArchiveError
    ) throws(ArchiveError) -> Archive {
        let line = outline.line(of: name, within: [archivesKey])
        if let problem = nameProblem(name) { throw fail(problem.why, line, problem.hint) }
        guard case .object(let members) = value else {
            throw fail(
                "the archive \(quoted(name)) is no object", line,
                #"write "name": { "user-id": …, "archive": … }"#)
        }
        var entries: [String: Entry] = [:]
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let line = outline.line(of: key, within: [archivesKey, name])
            do throws(ValueProblem) {
                if let problem = sectionRefusal(of: key) { throw problem }
                entries[key] = try entry(key, value, line)
            } catch {
                throw fail("\(error.why) (archive \(quoted(name)))", line, error.hint)
            }
        }
        for key in required where entries[key] == nil {
            throw fail(
                "the archive \(quoted(name)) has no \"\(key)\"", line,
                "each archive has a user id and a folder of its own")
        }
        return Archive(name: name, line: line, entries: entries)
    }

    /// What stands behind an option's name; nil for `null`, which leaves it as if it weren't there.
    private static func entry(
        _ key: String, _ value: Value, _ line: Int?
    ) throws(ValueProblem) -> Entry? {
        if let problem = refusal(of: key) { throw problem }
        guard let texts = value.texts else {
            throw ValueProblem("\(quoted(key)) is neither a text nor a number nor true or false")
        }
        if value.isList, OptionTable.named(key)?.repeatable != true {
            throw ValueProblem("\(quoted(key)) takes one value, not a list")
        }
        if texts.contains("") { throw ValueProblem("\(quoted(key)) is empty") }
        return texts.isEmpty ? nil : Entry(texts: texts, line: line)
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
        let keys =
            OptionTable.all.filter { $0.reach == .anywhere }.map(\.name)
            + [archiveKey, archivesKey]
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
    case object([String: Value])
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
        } else if let members = try? container.decode([String: Value].self) {
            self = .object(members)
        } else {
            self = .other
        }
    }

    var isList: Bool {
        if case .list = self { true } else { false }
    }

    /// Nothing that an option could take.
    var isOther: Bool { texts == nil }

    var isAbsent: Bool {
        if case .none = self { true } else { false }
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
        case .object, .other: return nil
        }
    }
}
