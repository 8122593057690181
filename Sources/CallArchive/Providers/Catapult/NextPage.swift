package import Transfer

/// Where a listing goes on, by the `Link` fields of a page's answer.
package enum NextPage: Sendable, Equatable {
    /// No such field at all: the provider may page by number.
    case notSaid
    /// The fields name no next page: this was the last one.
    case last
    case url(HTTPURL)
    /// There is a next page that must not or can't be asked for; the walk is not complete.
    case refused(String)

    /// Reads the fields of the answer to `request`; the next page must be of the API's `origin`.
    package init(linkFields: [String], request: HTTPURL, origin: Origin) {
        guard !linkFields.isEmpty else {
            self = .notSaid
            return
        }
        let found = WebLinks(fields: linkFields)
        let next = found.links.first { !$0.hasAnchor && $0.relations.contains("next") }
        guard let next else {
            self = found.isMalformed ? .refused("the Link header is malformed") : .last
            return
        }
        do throws(InvalidURL) {
            let url = try request.resolve(next.target)
            if url.origin == origin {
                self = .url(url)
            } else {
                self = .refused("the next page is on another origin, \(url.origin)")
            }
        } catch {
            self = .refused("the next page's URL is no good: \(error)")
        }
    }
}
