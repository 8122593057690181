/// The lines of a JSON5 object's keys, and of the first thing that is wrong with it.
///
/// For messages only: the decoder, which says neither, has the last word on what is valid.
package struct ConfigOutline {
    package struct Member: Equatable {
        package let key: String
        /// The keys of the objects around it, from the outside.
        package let parents: [String]
        /// Counts from 1.
        package let line: Int
    }

    package struct Problem: Equatable {
        package let line: Int
        package let why: String
    }

    package private(set) var members: [Member] = []
    package private(set) var problem: Problem?

    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        do {
            try scan()
        } catch {
            problem = error
        }
    }

    private mutating func scan() throws(Problem) {
        try skipBlank()
        guard take("{") else { throw fail("it does not begin with '{'") }
        try scanMembers(within: [], depth: 1)
        try skipBlank()
        guard offset == bytes.count else { throw fail("something follows the last '}'") }
    }

    /// Up to the closing brace; `parents` is nil inside a list, whose objects' keys don't count.
    private mutating func scanMembers(
        within parents: [String]?, depth: Int
    ) throws(Problem) {
        guard depth < 32 else { throw fail("it is nested too deeply") }
        while true {
            try skipBlank()
            if take("}") { return }
            let start = line
            let key = try scanKey()
            if let parents, parents.count < 3 {
                members.append(Member(key: key, parents: parents, line: start))
            }
            try skipBlank()
            guard take(":") else { throw fail("a ':' is missing after \(quoted(key))") }
            try scanValue(within: parents.map { $0 + [key] }, depth: depth)
            try skipBlank()
            if take(",") { continue }
            if take("}") { return }
            throw fail(
                offset == bytes.count
                    ? "the last '}' is missing" : "a ',' or '}' is missing after \(quoted(key))")
        }
    }

    private mutating func scanKey() throws(Problem) -> String {
        if let quote = peek, quote == "\"" || quote == "'" { return try scanString() }
        let start = offset
        while let next = peek, !" \t\r\n:,{}[]\"'/".unicodeScalars.contains(next) { offset += 1 }
        guard offset > start else {
            throw fail(offset == bytes.count ? "the last '}' is missing" : "a key is missing")
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func scanValue(within parents: [String]?, depth: Int) throws(Problem) {
        try skipBlank()
        if take("{") { return try scanMembers(within: parents, depth: depth + 1) }
        if take("[") { return try scanElements(depth: depth) }
        if let quote = peek, quote == "\"" || quote == "'" {
            _ = try scanString()
            return
        }
        let start = offset
        while let next = peek, !" \t\r\n:,{}[]\"'/".unicodeScalars.contains(next) { offset += 1 }
        let word = String(decoding: bytes[start..<offset], as: UTF8.self)
        let isNumber = word.utf8.first.map { "+-.0123456789".utf8.contains($0) } ?? false
        guard isNumber || ["true", "false", "null", "Infinity", "NaN"].contains(word) else {
            throw fail(
                word.isEmpty ? "a value is missing" : "the text \(quoted(word)) needs quotes")
        }
    }

    private mutating func scanElements(depth: Int) throws(Problem) {
        guard depth < 32 else { throw fail("it is nested too deeply") }
        while true {
            try skipBlank()
            if take("]") { return }
            try scanValue(within: nil, depth: depth + 1)
            try skipBlank()
            if take(",") { continue }
            if take("]") { return }
            throw fail("a ',' or ']' is missing")
        }
    }

    private mutating func scanString() throws(Problem) -> String {
        let quote = bytes[offset]
        let start = line
        offset += 1
        let first = offset
        while offset < bytes.count, bytes[offset] != quote {
            // A line may end in a string only behind a backslash.
            if bytes[offset] == UInt8(ascii: "\n") { break }
            if bytes[offset] == UInt8(ascii: "\\") {
                offset += 1
                if offset < bytes.count, bytes[offset] == UInt8(ascii: "\n") { line += 1 }
            }
            offset += 1
        }
        guard offset < bytes.count, bytes[offset] == quote else {
            throw Problem(line: start, why: "a text has no closing quote")
        }
        defer { offset += 1 }
        return String(decoding: bytes[first..<offset], as: UTF8.self)
    }

    /// White space and comments.
    private mutating func skipBlank() throws(Problem) {
        while let next = peek {
            if next == "\n" {
                line += 1
                offset += 1
            } else if next == " " || next == "\t" || next == "\r" {
                offset += 1
            } else if next == "/", offset + 1 < bytes.count {
                if bytes[offset + 1] == UInt8(ascii: "/") {
                    while let skipped = peek, skipped != "\n" { offset += 1 }
                } else if bytes[offset + 1] == UInt8(ascii: "*") {
                    try skipComment()
                } else {
                    return
                }
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(Problem) {
        let start = line
        offset += 2
        while offset + 1 < bytes.count {
            if bytes[offset] == UInt8(ascii: "*"), bytes[offset + 1] == UInt8(ascii: "/") {
                offset += 2
                return
            }
            if bytes[offset] == UInt8(ascii: "\n") { line += 1 }
            offset += 1
        }
        throw Problem(line: start, why: "a comment has no end")
    }

    /// The line of the key; nil when it wasn't found.
    package func line(of key: String, within parents: [String] = []) -> Int? {
        members.first { $0.key == key && $0.parents == parents }?.line
    }

    private var peek: Unicode.Scalar? {
        offset < bytes.count ? Unicode.Scalar(bytes[offset]) : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        offset += 1
        return true
    }

    private func fail(_ why: String) -> Problem {
        Problem(line: line, why: why)
    }
}

extension ConfigOutline.Problem: Error {}
