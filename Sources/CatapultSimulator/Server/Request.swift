internal import Glibc

/// A request as it came in.
struct Request: Sendable {
    let method: String
    let target: String
    /// Percent-coded, without the query.
    let path: String
    let query: String
    /// Names in lower case, in order.
    let headers: [(name: String, value: String)]
    var body: [UInt8] = []

    /// Nil when the request line is no request line.
    init?(head: ArraySlice<UInt8>) {
        let lines = head.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { return nil }
        let words = Self.text(first).split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
        method = String(words[0])
        let target = String(words[1])
        self.target = target
        let mark = target.firstIndex(of: "?")
        path = String(target[..<(mark ?? target.endIndex)])
        query = mark.map { String(target[target.index(after: $0)...]) } ?? ""
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == 0x20 || $0 == 0x09 }
            return (Self.text(line[..<colon]).lowercased(), Self.text(value))
        }
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The first value of a query parameter, decoded.
    func parameter(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name {
                return parts.count > 1 ? TextCoding.percentDecoded(parts[1]) : ""
            }
        }
        return nil
    }

    /// The decoded segments of the path, empty ones left out.
    var segments: [String] {
        path.split(separator: "/").map { TextCoding.percentDecoded($0) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
    }
}
