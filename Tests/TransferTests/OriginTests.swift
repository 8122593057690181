import Testing
import Transfer

@Suite struct OriginTests {
    @Test(arguments: [
        ("https://api.example.com/v1", "https", "api.example.com", 443),
        ("HTTPS://API.Example.COM", "https", "api.example.com", 443),
        ("https://api.example.com:443/", "https", "api.example.com", 443),
        ("https://api.example.com:/", "https", "api.example.com", 443),
        ("http://127.0.0.1:8080?x", "http", "127.0.0.1", 8080),
        ("http://localhost#f", "http", "localhost", 80),
        ("http://[::1]:8080/a", "http", "::1", 8080), ("http://[FE80::1]/", "http", "fe80::1", 80),
        ("https://host./", "https", "host.", 443), ("https://a_b-c.d/", "https", "a_b-c.d", 443),
        ("https://host/a@b:c", "https", "host", 443), ("https://host/é", "https", "host", 443),
        ("https://host?@evil", "https", "host", 443), ("https://h:00080/", "https", "h", 80),
    ])
    func `an origin is read`(url: String, scheme: String, host: String, port: Int) throws {
        let origin = try Origin(url: url)
        #expect(origin.scheme.rawValue == scheme)
        #expect(origin.host == host)
        #expect(origin.port == port)
        #expect(origin.isSecure == (scheme == "https"))
    }

    @Test(
        arguments: [
            ("", .relative), ("api.example.com", .relative), ("//host/", .relative),
            ("/v1", .relative), ("://host", .relative), ("ftp://host/", .scheme("ftp")),
            ("file:///etc/passwd", .scheme("file")), ("javascript:alert(1)", .scheme("javascript")),
            ("localhost:8080", .scheme("localhost")), ("https:host", .badHost),
            ("https:/host", .badHost), ("https://", .badHost), ("https:///path", .badHost),
            ("https://:80/", .badHost), ("https://user@host/", .userInfo),
            ("https://user:pw@host/", .userInfo), ("https://host:80@evil/", .userInfo),
            ("https://@host/", .userInfo), ("https://host:0/", .badPort),
            ("https://host:65536/", .badPort), ("https://host:80a/", .badPort),
            ("https://host:-1/", .badPort), ("https://host:000080/", .badPort),
            ("https://ho st/", .badCharacter), ("https://host\\@evil/", .badCharacter),
            ("https://host/\n", .badCharacter), ("https://host/a b", .badCharacter),
            (" https://host/", .badCharacter), ("https://host/\u{7F}", .badCharacter),
            ("https://hóst/", .badHost), ("https://ho%73t/", .badHost),
            ("https://ho,st/", .badHost),
            ("https://[::1/", .badHost), ("https://[::1]x/", .badHost), ("https://[]/", .badHost),
            ("https://[::1%25eth0]/", .badHost), ("https://[host]/", .badHost),
            ("https://::1/", .badHost), ("https://a:1:2/", .badPort),
            ("https://аpi.com/", .badHost),
        ] as [(String, InvalidURL)])
    func `a URL that could mislead is refused`(url: String, reason: InvalidURL) {
        #expect(throws: reason) { try Origin(url: url) }
    }

    @Test func `origins are told apart strictly`() throws {
        let api = try Origin(url: "https://api.example.com/v1")
        #expect(try api == Origin(url: "https://API.example.com:443/other"))
        for other in [
            "http://api.example.com/", "https://api.example.com:8443/", "https://api.example.com./",
            "https://example.com/", "https://api.example.com.evil.org/",
            "http://api.example.com:443/",
        ] {
            #expect(try api != Origin(url: other), "\(other)")
        }
        #expect(try Origin(url: "http://[::1]/") != Origin(url: "http://[0:0:0:0:0:0:0:1]/"))
    }

    @Test(arguments: [
        ("HTTPS://Host:443/x", "https://host"), ("http://host:443", "http://host:443"),
        ("http://[::1]:80/", "http://[::1]"), ("https://[::1]:80/", "https://[::1]:80"),
    ])
    func `an origin is shown in its shortest form`(url: String, text: String) throws {
        #expect(try Origin(url: url).description == text)
    }
}
