package import Transfer

/// Where a run is announced, by the convention of healthchecks: the address itself for success,
/// with `/start` and `/fail` at its path's end for the others.
///
/// The address is a secret for many: whoever knows it can say that all is well. Its description
/// is its origin alone.
package struct PingAddress: Sendable, Equatable {
    package enum Signal: Sendable {
        case start, success, failure
    }

    private let start: HTTPURL
    private let success: HTTPURL
    private let failure: HTTPURL

    package init(_ text: String) throws(InvalidURL) {
        success = try HTTPURL(text)
        start = try HTTPURL(Self.text(success, "/start"))
        failure = try HTTPURL(Self.text(success, "/fail"))
    }

    /// The address for a signal; a query stays at the end.
    ///
    /// | signal | `https://hc.example/uuid` | `https://hc.example/uuid/?create=1` |
    /// |---|---|---|
    /// | start | `…/uuid/start` | `…/uuid/start?create=1` |
    /// | success | `…/uuid` | `…/uuid/?create=1` |
    /// | failure | `…/uuid/fail` | `…/uuid/fail?create=1` |
    package func url(_ signal: Signal) -> HTTPURL {
        switch signal {
        case .start: start
        case .success: success
        case .failure: failure
        }
    }

    private static func text(_ url: HTTPURL, _ end: String) -> String {
        let mark = url.text.utf8.firstIndex(of: UInt8(ascii: "?")) ?? url.text.endIndex
        var path = url.text[..<mark]
        if path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        return path + end + url.text[mark...]
    }
}

extension PingAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { success.origin.description }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
