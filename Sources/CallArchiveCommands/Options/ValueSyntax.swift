package import CallArchive

/// How a text on the command line becomes a value.
package struct ValueSyntax<Value>: Sendable {
    package let shape: OptionValue.Shape
    package let placeholder: String
    /// The end of "give …".
    package let expected: String
    package let parse: @Sendable (String) throws(ValueProblem) -> Value

    package init(
        shape: OptionValue.Shape = .text, placeholder: String, expected: String,
        parse: @escaping @Sendable (String) throws(ValueProblem) -> Value
    ) {
        self.shape = shape
        self.placeholder = placeholder
        self.expected = expected
        self.parse = parse
    }
}

extension ValueSyntax<Bool> {
    /// What follows `--flag=`, stands in a variable or in the configuration.
    package static var boolean: Self {
        ValueSyntax(shape: .flag, placeholder: "", expected: "1 or 0") {
            text throws(ValueProblem) in
            switch text.lowercased() {
            case "1", "true", "yes", "on": return true
            case "0", "false", "no", "off": return false
            default: throw ValueProblem("\(quoted(text)) is neither 1 nor 0")
            }
        }
    }
}

extension ValueSyntax<Int> {
    package static func integer(_ range: ClosedRange<Int>) -> Self {
        let expected =
            range.upperBound == .max
            ? "a whole number, \(range.lowerBound) or more"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return ValueSyntax(placeholder: "N", expected: expected) { text throws(ValueProblem) in
            guard let digits = Digits(text) else {
                throw ValueProblem("\(quoted(text)) is not a whole number")
            }
            guard let number = digits.value, range.contains(number) else {
                throw ValueProblem("\(quoted(text)) is out of range")
            }
            return number
        }
    }
}

extension ValueSyntax<String> {
    /// One line of text.
    package static func text(_ placeholder: String, expected: String) -> Self {
        ValueSyntax(placeholder: placeholder, expected: expected) { text throws(ValueProblem) in
            guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
            else { throw ValueProblem("\(quoted(text)) contains control characters") }
            return text
        }
    }

    package static var file: Self {
        ValueSyntax(shape: .file, placeholder: "FILE", expected: "the path of a file") {
            text throws(ValueProblem) in
            try checkPath(text)
            return text
        }
    }
}

extension ValueSyntax
where Value: RawRepresentable & CaseIterable & SendableMetatype, Value.RawValue == String {
    /// One of the raw values of an enumeration.
    package static func choice(_ placeholder: String) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return ValueSyntax(
            shape: .choice(words), placeholder: placeholder,
            expected: words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        ) { text throws(ValueProblem) in
            guard let value = Value(rawValue: text) else {
                let near = Spelling.nearest(to: text, among: words)
                throw ValueProblem(
                    "\(quoted(text)) is not one of \(words.joined(separator: ", "))",
                    hint: near.map { "did you mean \($0)?" })
            }
            return value
        }
    }
}

extension ValueSyntax<[ArchiveStatus]> {
    /// One status or more, between commas.
    package static var statuses: ValueSyntax<[ArchiveStatus]> {
        let one = ValueSyntax<ArchiveStatus>.choice("STATUS")
        return ValueSyntax(
            shape: one.shape, placeholder: one.placeholder, expected: one.expected
        ) { text throws(ValueProblem) in
            var statuses: [ArchiveStatus] = []
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                statuses.append(try one.parse(String(word)))
            }
            return statuses
        }
    }
}

/// Refuses texts that the file system would read otherwise than meant.
package func checkPath(_ path: String) throws(ValueProblem) {
    if path.isEmpty { throw ValueProblem("the path is empty") }
    if path.utf8.contains(0) { throw ValueProblem("the path contains a NUL byte") }
    // Arguments that are not UTF-8 arrive with U+FFFD in place of the bytes: another path.
    if path.unicodeScalars.contains("\u{fffd}") {
        throw ValueProblem("the path \(quoted(path)) is not UTF-8")
    }
}

/// A text of digits, with a sign; `value` is nil when it doesn't fit.
package struct Digits {
    package let value: Int?

    package init?(_ text: some StringProtocol) {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        value = Int(text)
    }
}
