import Testing
import Transfer

@Suite struct HTTPURLTests {
    /// The examples of RFC 3986 §5.4, but for other schemes and fragments.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"),
        ("g?y#s", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("https://h:8/x/../y?a=b,c#f", "https://h:8/x/../y?a=b,c"), ("/a//b", "http://a/a//b"),
        ("//h:9/x?y", "http://h:9/x?y"), ("./a:b", "http://a/b/c/a:b"),
    ])
    func `a reference is resolved as RFC 3986 shows`(reference: String, text: String) throws {
        let base = try HTTPURL("http://a/b/c/d;p?q")
        #expect(try base.resolve(reference).text == text)
    }

    @Test(
        arguments: [
            ("g:h", .scheme("g")), ("http:g", .badHost), ("a b", .badCharacter),
            ("//user@h/", .userInfo), ("\\\\evil", .badCharacter), ("///x", .badHost),
            ("javascript:1", .scheme("javascript")),
        ] as [(String, InvalidURL)])
    func `a reference to nothing that may be asked is refused`(
        reference: String, reason: InvalidURL
    ) throws {
        let base = try HTTPURL("https://a/b")
        #expect(throws: reason) { try base.resolve(reference) }
    }

    @Test func `a base without a path takes references too`() throws {
        let base = try HTTPURL("https://h:8443")
        #expect(try base.resolve("x").text == "https://h:8443/x")
        #expect(try base.resolve("?x").text == "https://h:8443?x")
        #expect(try base.resolve("../x").text == "https://h:8443/x")
    }

    @Test(arguments: [
        ("https://h/a/b?c=d#e", "https://h/a/b?c=d"), ("HTTPS://H?x", "HTTPS://H?x"),
        ("https://h/?", "https://h/?"), ("https://h/{callId}/é", "https://h/{callId}/é"),
    ])
    func `all but the fragment is kept as given`(url: String, text: String) throws {
        #expect(try HTTPURL(url).text == text)
    }

    @Test(arguments: [
        ("u-123", "u-123"), ("A.b_c~d", "A.b_c~d"), ("a/b", "a%2Fb"), ("a b%", "a%20b%25"),
        ("é", "%C3%A9"), ("..", "%2E%2E"), (".", "%2E"), ("...", "..."), ("", ""),
        ("?#[]@!$&'()*+,;=:", "%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A"),
        ("\n\0", "%0A%00"),
    ])
    func `a path component is percent-encoded`(text: String, encoded: String) {
        #expect(PercentEncoding.pathComponent(text) == encoded)
    }
}
