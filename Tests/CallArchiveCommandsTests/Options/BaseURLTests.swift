import CallArchiveCommands
import Testing

struct BaseURLTests {
    @Test(arguments: [
        ("https://api.example.com/v1", "https://api.example.com/v1"),
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("https://api.example.com//", "https://api.example.com"),
        ("HTTPS://API.Example.COM/V1", "https://api.example.com/V1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("https://api.example.com/a%20b", "https://api.example.com/a%20b"),
    ])
    func `an address is kept without its last slash`(text: String, expected: String) throws {
        #expect(try BaseURL(text).text == expected)
    }

    @Test(arguments: [
        "", "api.example.com", "ftp://api.example.com", "https://", "https:///v1", "//host/v1",
        "https://user@host/v1", "https://user:hunter2@host/v1", "https://host/v1?x=1",
        "https://host/v1#x", "https://host:0/", "https://host:99999/", "https://host/a b",
        "https://host/ä", "https://ho st/", "https://host\\@other/", "https://?x", "file:///etc",
    ])
    func `what is no plain address of an API is refused`(text: String) {
        let problem = #expect(throws: ValueProblem.self) { try BaseURL(text) }
        #expect(problem?.why.contains("hunter2") == false)
    }

    @Test(arguments: [
        ("https://api.example.com", false), ("http://api.example.com", true),
        ("http://127.0.0.1:80", false), ("http://127.1.2.3", false), ("http://localhost", false),
        ("http://a.localhost", false), ("http://[::1]", false), ("http://127.evil.com", true),
        ("http://127.0.0.1.evil.com", true), ("http://localhost.evil.com", true),
        ("http://10.0.0.1", true),
    ])
    func `credentials are exposed by http to anything but this machine`(
        text: String, isExposed: Bool
    ) throws {
        #expect(try BaseURL(text).isExposed == isExposed)
    }
}
