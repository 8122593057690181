import CallArchive
import Testing
import Transfer

@Suite struct WebLinkTests {
    private func link(_ target: String, _ relations: String..., anchor: Bool = false) -> WebLink {
        WebLink(target: target, relations: relations, hasAnchor: anchor)
    }

    @Test func `several links in several fields are read in order`() {
        let fields = [
            "<https://h/r?page=0&size=25>; rel=\"first\", <https://h/r?page=2>; rel=\"next\"",
            "<https://h/r?page=9>;rel=last",
        ]
        let links = WebLinks(fields: fields)
        #expect(!links.isMalformed)
        #expect(
            links.links == [
                link("https://h/r?page=0&size=25", "first"), link("https://h/r?page=2", "next"),
                link("https://h/r?page=9", "last"),
            ])
    }

    @Test(arguments: [
        ("<a>; rel=\"next\"", ["next"]), ("<a>;rel=next", ["next"]),
        ("<a> ; REL = \"NEXT\"", ["next"]),
        ("<a>; rel=\"next last\"", ["next", "last"]),
        ("<a>; rel=\" next\tlast  \"", ["next", "last"]),
        ("<a>; rel=\"prev\"; rel=\"next\"", ["prev"]), ("<a>; title=\"x\"; rel=next", ["next"]),
        ("<a>; title=\"a,b;rel=prev\\\"<c>\"; rel=next", ["next"]),
        ("<a>; title; rel=next", ["next"]),
        ("<a>;; rel=next;", ["next"]), ("<a>; rel*=UTF-8''next", []), ("<a>; rel=", []),
        ("<a>; rel=\"\"", []), ("<a>", []), ("<a>; rel=\"ne\\xt\"", ["next"]),
        ("<a>; rel=\"https://example.com/rel next\"", ["https://example.com/rel", "next"]),
        ("<a>; relx=next", []), (" , ,<a>;rel=next, ", ["next"]),
    ])
    func `a link's relations are read`(field: String, relations: [String]) {
        let links = WebLinks(fields: [field])
        #expect(!links.isMalformed)
        #expect(links.links.map(\.target) == ["a"])
        #expect(links.links.first?.relations == relations)
    }

    @Test func `commas and semicolons inside a target belong to it`() {
        let links = WebLinks(fields: ["<https://h/a;b,c?x=\"1,2\";y>; rel=prev,<d,e>;rel=next"])
        #expect(links.links == [link("https://h/a;b,c?x=\"1,2\";y", "prev"), link("d,e", "next")])
    }

    @Test(arguments: [
        "next", "<a", "<a>; rel=\"next", "<a>; rel=\"next\\", "<a> rel=next", "<b>;rel=prev <a>",
        "https://h/a; rel=next",
    ])
    func `a malformed field is noticed`(field: String) {
        #expect(WebLinks(fields: [field]).isMalformed)
    }

    @Test(
        arguments: [
            ([], .notSaid), ([""], .last), (["</v1/r?page=0>; rel=first"], .last),
            (["<x>; rel=next; anchor=\"/other\""], .last),
            (["<a>; rel=\"next"], .refused("the Link header is malformed")),
            (
                ["<https://evil.example/r>; rel=next"],
                .refused("the next page is on another origin, https://evil.example")
            ),
            (
                ["<http://api.example/v1/r>; rel=next"],
                .refused("the next page is on another origin, http://api.example")
            ),
            (
                ["<https://api.example:8443/v1/r>; rel=next"],
                .refused("the next page is on another origin, https://api.example:8443")
            ),
            (
                ["<https://api.example@evil/r>; rel=next"],
                .refused("the next page's URL is no good: it has a user name or password in it")
            ),
            (
                ["<//evil/r>; rel=next"],
                .refused("the next page is on another origin, https://evil")
            ),
        ] as [([String], NextPage)])
    func `the end and what must not be followed are told apart`(
        fields: [String], expected: NextPage
    ) throws {
        let request = try HTTPURL("https://api.example/v1/r?size=1000")
        let next = NextPage(linkFields: fields, request: request, origin: request.origin)
        #expect(next == expected)
    }

    @Test(arguments: [
        ("https://api.example/v1/r?page=2&k=a,b", "https://api.example/v1/r?page=2&k=a,b"),
        ("https://API.example:443/x", "https://API.example:443/x"),
        ("/v1/r?page=2", "https://api.example/v1/r?page=2"),
        ("?page=2", "https://api.example/v1/r?page=2"),
        ("r2", "https://api.example/v1/r2"), ("//api.example/y", "https://api.example/y"),
    ])
    func `the next page's URL is resolved`(target: String, url: String) throws {
        let request = try HTTPURL("https://api.example/v1/r?size=1000")
        let next = NextPage(
            linkFields: ["<x>; rel=first", "<\(target)>; rel=\"last next\", <z>; rel=next"],
            request: request, origin: request.origin)
        #expect(next == .url(try HTTPURL(url)))
    }
}
