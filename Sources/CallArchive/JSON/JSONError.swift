/// Where and why bytes are no JSON.
package struct JSONError: Error, Sendable, Equatable {
    package enum Reason: String, Sendable {
        /// The bytes end inside a value.
        case truncated = "ends too early"
        case unexpectedCharacter = "unexpected character"
        case badNumber = "malformed number"
        case badEscape = "malformed escape in a string"
        case controlCharacter = "control character in a string"
        case invalidUTF8 = "invalid UTF-8"
        case tooDeep = "nested too deeply"
        case trailingBytes = "something follows the value"
    }

    package var reason: Reason
    /// Of the first byte that doesn't fit, from 0.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String { "\(reason.rawValue) at byte \(offset)" }
}
