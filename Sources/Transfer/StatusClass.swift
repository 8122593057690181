/// What a response's status means for the request; one home for the retry rules.
package enum StatusClass: Sendable, Equatable {
    /// 200 and 206.
    case content
    case redirect
    /// 416: the range asked for isn't there.
    case rangeNotSatisfiable
    /// 429: not executed, the family rests.
    case rateLimited
    /// 401, 403.
    case refused
    /// 404, 410.
    case gone
    /// 408, 425, 5xx: may pass.
    case transient
    /// All else: asking again won't help.
    case permanent

    package init(_ status: Int) {
        switch status {
        case 200, 206: self = .content
        case 301, 302, 303, 307, 308: self = .redirect
        case 416: self = .rangeNotSatisfiable
        case 429: self = .rateLimited
        case 401, 403: self = .refused
        case 404, 410: self = .gone
        case 408, 425, 500...599: self = .transient
        default: self = .permanent
        }
    }
}
