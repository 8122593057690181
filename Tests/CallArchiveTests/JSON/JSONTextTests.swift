import CallArchive
import Testing

@Suite struct JSONTextTests {
    private func written(_ body: (inout JSONText) -> Void) -> String {
        var text = JSONText()
        body(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("", "\"\""), ("abc", "\"abc\""), ("a\"b\\c", "\"a\\\"b\\\\c\""), ("/", "\"/\""),
        ("\u{8}\t\n\u{C}\r", "\"\\b\\t\\n\\f\\r\""), ("\0\u{1F}", "\"\\u0000\\u001f\""),
        ("é€😀\u{2028}\u{7F}", "\"é€😀\u{2028}\u{7F}\""),
    ])
    func `a string is escaped as RFC 8259 wants`(text: String, json: String) {
        #expect(written { $0.string(text) } == json)
    }

    @Test(arguments: [
        ([0x61, 0xC5, 0x22, 0x62] as [UInt8], "\"a\u{FFFD}\\\"b\""),
        ([0xFF], "\"\u{FFFD}\""), ([0xE2, 0x82], "\"\u{FFFD}\""),
        ([0xC3, 0xA9, 0x0A, 0x80, 0x78], "\"é\\n\u{FFFD}x\""),
        ([0xED, 0xA0, 0x80, 0x5C], "\"\u{FFFD}\u{FFFD}\u{FFFD}\\\\\""),
    ])
    func `bytes that are no UTF-8 are replaced, and what follows is escaped`(
        bytes: [UInt8], json: String
    ) {
        #expect(written { $0.string(utf8: bytes.span) } == json)
    }

    @Test func `every character survives a round trip`() throws {
        for length in [0, 7, 8, 9, 31] {
            for scalar in [UInt32](0..<0x300) + [0x2028, 0xFFFF, 0x1F600] {
                guard let scalar = Unicode.Scalar(scalar) else { continue }
                let text = String(repeating: "x", count: length) + String(scalar) + "end"
                var json = JSONText()
                json.string(text)
                var cursor = JSONCursor()
                let value = try cursor.value(json.bytes.span)
                #expect(value.string(in: json.bytes.span) == text)
            }
        }
    }

    @Test(
        arguments: [
            (0, "0"), (93.52, "93.52"), (1, "1"), (-1.5, "-1.5"), (0.000001, "0.000001"),
            (0.0000001, "0"), (-0.0000001, "0"), (1.0 / 3, "0.333333"),
            (123_456_789.25, "123456789.25"),
            (0.1 + 0.2, "0.3"), (59.9999999, "60"), (1e12, "1000000000000"), (.infinity, "null"),
            (.nan, "null"), (1e300, "null"),
        ] as [(Double, String)])
    func `a decimal is plain`(value: Double, text: String) {
        #expect(written { $0.decimal(value) } == text)
    }

    @Test func `the small words are written`() {
        let text = written {
            $0.key("a")
            $0.null()
            $0.boolean(true)
            $0.boolean(false)
            $0.integer(Int64.min)
        }
        #expect(text == "\"a\":nulltruefalse-9223372036854775808")
    }
}
