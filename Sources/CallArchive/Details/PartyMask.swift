/// Keeps phone numbers and other addresses of people out of logs.
package enum PartyMask {
    /// So many last characters of a party may be told.
    private static let told = 2
    /// A run of so many digits may be a phone number.
    private static let shortestNumber = 7

    /// As `…12`; short ones wholly masked.
    package static func party(_ text: String?) -> String {
        guard let text else { return "unknown" }
        let last = text.suffix(told)
        guard text.count > told * 2, last.utf8.allSatisfy(isDigit) else { return "…" }
        return "…" + last
    }

    /// A text of the provider's with all that may be a number or an address masked.
    ///
    /// Digits count through spaces, dashes and brackets between them; not through dots, which
    /// network addresses have.
    package static func words(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if isDigit(bytes[index]) || bytes[index] == UInt8(ascii: "+") {
                let end = numberEnd(bytes, from: index)
                let digits = bytes[index..<end].filter(isDigit)
                if digits.count >= shortestNumber {
                    output += "…".utf8
                    output += digits.suffix(told)
                } else {
                    output += bytes[index..<end]
                }
                index = end
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return addresses(String(decoding: output, as: UTF8.self))
    }

    /// Behind the last digit of what begins here; at least one byte on.
    private static func numberEnd(_ bytes: [UInt8], from start: Int) -> Int {
        var end = start + 1
        var index = end
        var gap = 0
        while index < bytes.count, gap <= 2 {
            if isDigit(bytes[index]) {
                end = index + 1
                gap = 0
            } else if " -()".utf8.contains(bytes[index]) {
                gap += 1
            } else {
                break
            }
            index += 1
        }
        return end
    }

    /// SIP and mail addresses: whatever has an `@` in it.
    private static func addresses(_ text: String) -> String {
        guard text.contains("@") else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.contains("@") ? "…" : String($0) }.joined(separator: " ")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
