/// Which rows a page holds and what its Link header says. Pure.
struct Paging: Sendable {
    let style: PagingStyle
    /// The listing's absolute URL without query, and its origin.
    let resource: String
    let origin: String
    let total: Int
    let size: Int
    let page: Int
    /// The place of the first row.
    let start: Int
    /// Of the request's path, against which relative targets count.
    private let hasTrailingSlash: Bool

    /// Nil when page or size are not what the provider takes.
    init?(
        _ request: Request, resource: String, origin: String, total: Int, moving: Int,
        configuration: Configuration
    ) {
        style = configuration.paging
        hasTrailingSlash = request.path.hasSuffix("/")
        self.resource = resource
        self.origin = origin
        self.total = total
        let sizeText = request.parameter("size") ?? String(configuration.defaultPageSize)
        guard let size = Int(sizeText), size >= 1, size <= configuration.largestPageSize,
            let page = Int(request.parameter("page") ?? "0"), page >= 0, page < 1 << 40
        else { return nil }
        self.size = size
        switch style {
        case .opaque:
            if let key = request.parameter("after") {
                guard let place = Self.place(ofKey: key) else { return nil }
                start = place
            } else {
                start = 0
            }
            self.page = (start + size - 1) / size
        case .moving:
            self.page = page
            start = max(0, page * (size - min(moving, size - 1)))
        default:
            self.page = page
            start = page * size
        }
    }

    var range: Range<Int> { min(start, total)..<min(start + size, total) }

    /// The values of the Link headers, one for each.
    var links: [String] {
        let hasNext = start + size < total
        let last = max(0, (total - 1) / size)
        switch style {
        case .none: return []
        case .link, .moving:
            var links = ["<\(url(page: 0))>; rel=\"first\""]
            if page > 0 { links.append("<\(url(page: page - 1))>; rel=\"previous\"") }
            if hasNext { links.append("<\(url(page: page + 1))>; rel=\"next\"") }
            if style == .link { links.append("<\(url(page: last))>; rel=\"last\"") }
            return [links.joined(separator: ", ")]
        case .relative:
            guard hasNext else { return [] }
            // By turns: an absolute path, a query alone, a path relative to the folder above.
            let query = "?page=\(page + 1)&size=\(size)"
            let path = resource.dropFirst(origin.count)
            let name = path.split(separator: "/").last ?? ""
            if hasTrailingSlash { return ["<\(path)\(query)>; rel=\"next\""] }
            let targets: [Substring] = [
                Substring(path + query), Substring(query), Substring("./" + name + query),
            ]
            return ["<\(targets[page % 3])>; rel=\"next\""]
        case .opaque:
            guard hasNext else { return [] }
            let key = Self.key(ofPlace: start + size)
            return ["<\(resource)?size=\(size)&after=\(key)&sortOrder=asc>; rel=\"next\""]
        case .nasty: return nastyLinks(hasNext: hasNext)
        }
    }

    private func nastyLinks(hasNext: Bool) -> [String] {
        let wrong = "\(resource)?page=999999&size=\(size)"
        var links = [
            "<\(wrong)>; rel=\"last\"; title=\"not, the; rel=\\\"next\\\" <one>\"",
            "</help,me;rel=next>;rel=\"help next-archive\" , ,<\(wrong)>; title=\"rel=next\";"
                + " rel=prev-archive",
        ]
        if hasNext {
            let next = "\(resource)?note=a,b;c&page=\(page + 1)&size=\(size)"
            links.append(
                "<\(url(page: 0))>; REL=first,<\(next)> ; title*=UTF-8''n%C3%A4chste ; x ;"
                    + "\tReL = \"prefetch NEXT\" ; rel=\"last\"; anchor-point=\"a,b\"")
        }
        return links
    }

    private func url(page: Int) -> String {
        "\(resource)?page=\(page)&size=\(size)"
    }

    private static func key(ofPlace place: Int) -> String {
        "k" + String(place * 7919 + 104_729, radix: 36) + "%3D%3D"
    }

    private static func place(ofKey key: String) -> Int? {
        guard key.hasPrefix("k"), key.hasSuffix("=="),
            let number = Int(key.dropFirst().dropLast(2), radix: 36), number >= 104_729,
            (number - 104_729) % 7919 == 0
        else { return nil }
        return (number - 104_729) / 7919
    }
}
