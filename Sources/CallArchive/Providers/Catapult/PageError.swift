/// Why a listing's answer is no page of recordings.
package enum PageError: Error, Sendable, Equatable {
    /// No bytes, or white space alone.
    case empty
    /// A JSON object, as the provider's errors are.
    case errorBody(CatapultErrorBody)
    /// JSON, but neither array nor object; what it is.
    case otherJSON(String)
    /// A page for a browser; its text in brief.
    case html(String)
    /// Anything else; its text in brief.
    case text(String)
    /// It begins as JSON but is none from some byte on; cut short, most often.
    case malformed(JSONError)
}

extension PageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "the answer is empty"
        case .errorBody(let body): "the answer is an object, not a list: \(body)"
        case .otherJSON(let kind): "the answer is \(kind), not a list"
        case .html(let excerpt): "the answer is an HTML page: \(excerpt)"
        case .text(let excerpt): "the answer is no JSON: \(excerpt)"
        case .malformed(let error): "the answer is no whole JSON: \(error)"
        }
    }
}
