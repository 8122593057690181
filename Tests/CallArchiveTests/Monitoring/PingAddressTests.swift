import CallArchive
import Testing
import Transfer

struct PingAddressTests {
    @Test(arguments: [
        ("https://hc.example/uuid", "https://hc.example/uuid/start"),
        ("https://hc.example/uuid/", "https://hc.example/uuid/start"),
        ("https://hc.example/uuid?create=1&a=/b/", "https://hc.example/uuid/start?create=1&a=/b/"),
        ("https://hc.example/uuid/?a=b?c", "https://hc.example/uuid/start?a=b?c"),
        ("https://hc.example", "https://hc.example/start"),
        ("https://hc.example/", "https://hc.example/start"),
        ("https://hc.example?key=1", "https://hc.example/start?key=1"),
        ("http://[::1]:8000/ping/k/slug#part", "http://[::1]:8000/ping/k/slug/start"),
    ])
    func `the word goes to the path's end, a query stays`(text: String, start: String) throws {
        let address = try PingAddress(text)
        #expect(address.url(.start).text == start)
        #expect(address.url(.failure).text == start.replacing("/start", with: "/fail"))
        #expect(address.url(.success).text == text.replacing("#part", with: ""))
    }

    @Test(arguments: [
        "hc.example/uuid", "ftp://hc.example/uuid", "https://me:pass@hc.example/", "https:///uuid",
        "https://hc.example/a b",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: InvalidURL.self) { try PingAddress(text) }
    }

    @Test func `only its origin is ever shown`() throws {
        let address = try PingAddress("https://hc.example/canary?canary")
        var dumped = ""
        dump(address, to: &dumped)
        for text in ["\(address)", String(reflecting: address), "\([address])", dumped] {
            #expect(!text.contains("canary"), "\(text)")
        }
        #expect("\(address)" == "https://hc.example")
    }
}
