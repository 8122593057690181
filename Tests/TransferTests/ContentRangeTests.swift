import Testing
import Transfer

@Suite struct ContentRangeTests {
    @Test(
        arguments: [
            ("bytes 0-499/1234", .bytes(first: 0, last: 499, total: 1234)),
            ("bytes 1233-1233/1234", .bytes(first: 1233, last: 1233, total: 1234)),
            ("BYTES  0 - 499 / 1234 ", .bytes(first: 0, last: 499, total: 1234)),
            ("bytes\t5-9/*", .bytes(first: 5, last: 9, total: nil)),
            ("bytes */1234", .unsatisfied(total: 1234)), ("bytes */0", .unsatisfied(total: 0)),
            (
                "bytes 0-9223372036854775806/9223372036854775807",
                .bytes(first: 0, last: .max - 1, total: .max)
            ),
        ] as [(String, ContentRange)])
    func `a range is read`(value: String, range: ContentRange) {
        #expect(ContentRange(value) == range)
    }

    @Test(arguments: [
        "", "bytes", "bytes ", "0-499/1234", "items 0-1/2", "bytes 0-499", "bytes 0-499/",
        "bytes -499/1234", "bytes 0-/1234", "bytes 500-499/1234", "bytes 0-1234/1234",
        "bytes */*", "bytes */", "bytes 0-499/1234/1", "bytes 0-1-2/3", "bytes=0-499/1234",
        "bytes +0-499/1234", "bytes 0-99999999999999999999/99999999999999999999",
        "bytes 0x0-1/2", "bytes 0-499/12 34", "bytes 0-499/-1",
    ])
    func `what contradicts or is malformed is nil`(value: String) {
        #expect(ContentRange(value) == nil)
    }
}
