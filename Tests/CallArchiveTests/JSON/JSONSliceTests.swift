import CallArchive
import Testing

@Suite struct JSONSliceTests {
    private func slice(_ text: String) throws -> (JSONSlice, [UInt8]) {
        let bytes = Array(text.utf8)
        var cursor = JSONCursor()
        return (try cursor.value(bytes.span), bytes)
    }

    @Test(arguments: [
        ("\"\"", ""), ("\"plain\"", "plain"), ("\"é€😀\"", "é€😀"), ("\"a\\/b\"", "a/b"),
        ("\"\\\"\\\\\\b\\f\\n\\r\\t\"", "\"\\\u{8}\u{C}\n\r\t"), ("\"\\u00E9\\u20ac\"", "é€"),
        ("\"\\ud83d\\uDE00!\"", "😀!"), ("\"\\u0000x\"", "\0x"),
    ])
    func `a string is decoded`(json: String, text: String) throws {
        let (value, bytes) = try slice(json)
        #expect(value.string(in: bytes.span) == text)
        #expect(value.stringOrNumber(in: bytes.span) == text)
    }

    @Test(arguments: [
        "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"", "\"\\ud83d\\n\"",
    ])
    func `half a surrogate pair has no text`(json: String) throws {
        let (value, bytes) = try slice(json)
        #expect(value.string(in: bytes.span) == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-42", -42), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("1.0", nil), ("1e3", nil), ("\"1\"", nil),
            ("true", nil),
        ] as [(String, Int64?)])
    func `an integer is read when it fits`(json: String, number: Int64?) throws {
        let (value, bytes) = try slice(json)
        #expect(value.integer(in: bytes.span) == number)
    }

    @Test(
        arguments: [
            ("93.52", 93.52), ("-1e3", -1000), ("0", 0), ("1e999", nil), ("\"1\"", nil),
        ] as [(String, Double?)])
    func `a double is read when it is finite`(json: String, number: Double?) throws {
        let (value, bytes) = try slice(json)
        #expect(value.double(in: bytes.span) == number)
    }

    @Test func `a name is compared with and without escapes`() throws {
        let (plain, plainBytes) = try slice("\"state\"")
        #expect(plain.equals("state", in: plainBytes.span) == true)
        #expect(plain.equals("statf", in: plainBytes.span) == false)
        #expect(plain.equals("stat", in: plainBytes.span) == false)
        let (escaped, escapedBytes) = try slice("\"st\\u0061te\"")
        #expect(escaped.equals("state", in: escapedBytes.span) == true)
        // The second is as long as the name with its quotes.
        for json in ["1", "1.5"] {
            let (number, numberBytes) = try slice(json)
            #expect(number.equals("1", in: numberBytes.span) == false)
        }
        let (empty, emptyBytes) = try slice("\"\"")
        #expect(empty.equals("", in: emptyBytes.span) == true)
    }

    @Test func `kinds give booleans and null`() throws {
        #expect(try slice("true").0.boolean == true)
        #expect(try slice("false").0.boolean == false)
        #expect(try slice("0").0.boolean == nil)
        #expect(try slice("null").0.isNull)
    }
}
