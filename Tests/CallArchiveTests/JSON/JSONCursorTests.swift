import CallArchive
import Testing

@Suite struct JSONCursorTests {
    /// Reads one whole text.
    private func read(_ bytes: [UInt8]) throws(JSONError) -> JSONSlice {
        var cursor = JSONCursor()
        let value = try cursor.value(bytes.span)
        try cursor.expectEnd(bytes.span)
        return value
    }

    @Test(
        arguments: [
            ("null", .null), (" true\n", .true), ("false", .false), ("0", .number), ("-0", .number),
            ("-12.5e+10", .number), ("1E9", .number), ("\"\"", .string), ("[]", .array),
            ("{}", .object), ("[ [] , {} ]", .array), ("[1,[2,[3]],{\"a\":[{}]}]", .array),
            ("{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"\"}", .object),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"", .string), ("\"é€😀\"", .string),
            ("\"\u{7F}\"", .string),
        ] as [(String, JSONSlice.Kind)])
    func `a valid text is read whole`(text: String, kind: JSONSlice.Kind) throws {
        #expect(try read(Array(text.utf8)).kind == kind)
    }

    @Test(
        arguments: [
            ("", .truncated, 0), ("  ", .truncated, 2), ("nul", .truncated, 3),
            ("nulL", .unexpectedCharacter, 3), ("[1,", .truncated, 3),
            ("[1,]", .unexpectedCharacter, 3),
            ("[1 2]", .unexpectedCharacter, 3), ("[1}", .unexpectedCharacter, 2),
            ("{\"a\":1", .truncated, 6), ("{\"a\"", .truncated, 4),
            ("{\"a\" 1}", .unexpectedCharacter, 5),
            ("{\"a\":1,}", .unexpectedCharacter, 7), ("{a:1}", .unexpectedCharacter, 1),
            ("{\"a\":1]", .unexpectedCharacter, 6), ("01", .badNumber, 1), ("-", .truncated, 1),
            ("-a", .badNumber, 1), ("1.", .truncated, 2), ("1.e3", .badNumber, 2),
            ("1e", .truncated, 2),
            ("1e+x", .badNumber, 3), (".5", .unexpectedCharacter, 0),
            ("+1", .unexpectedCharacter, 0),
            ("1 1", .trailingBytes, 2), ("\"abc", .truncated, 4), ("\"a\\", .truncated, 3),
            ("\"a\\x\"", .badEscape, 3), ("\"\\u12", .truncated, 5), ("\"\\u12G4\"", .badEscape, 5),
            ("\"a\nb\"", .controlCharacter, 2), ("\"12345678\u{1}\"", .controlCharacter, 9),
            ("'a'", .unexpectedCharacter, 0), ("NaN", .unexpectedCharacter, 0),
            ("\u{FEFF}[]", .unexpectedCharacter, 0), ("[1]//", .trailingBytes, 3),
        ] as [(String, JSONError.Reason, Int)])
    func `a bad text is refused at its first wrong byte`(
        text: String, reason: JSONError.Reason, offset: Int
    ) {
        #expect(throws: JSONError(reason, at: offset)) { try read(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xC3, 0x28], [0xE2, 0x82, 0x28],
        ] as [[UInt8]])
    func `invalid UTF-8 is refused`(sequence: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError(.invalidUTF8, at: 1)) { try read([quote] + sequence + [quote]) }
    }

    @Test func `64 levels are read and the 65th is refused`() throws {
        let open = [UInt8](repeating: UInt8(ascii: "["), count: 64)
        let close = [UInt8](repeating: UInt8(ascii: "]"), count: 64)
        #expect(try read(open + close).kind == .array)
        #expect(throws: JSONError(.tooDeep, at: 64)) { try read(open + open + close + close) }
        let objects =
            String(repeating: "{\"a\":", count: 64) + "1" + String(repeating: "}", count: 64)
        #expect(try read(Array(objects.utf8)).kind == .object)
        #expect(throws: JSONError.self) { try read(Array("[\(objects)]".utf8)) }
    }

    @Test func `each element of an array gives its own bytes`() throws {
        let bytes = Array(" [ {\"id\": \"a\"} ,2, \"x]\\\"\" ,[3] ] ".utf8)
        var cursor = JSONCursor()
        var elements: [String] = []
        if try cursor.enterArray(bytes.span) {
            repeat {
                let value = try cursor.value(bytes.span)
                elements.append(String(decoding: bytes[value.range], as: UTF8.self))
            } while try cursor.hasNextElement(bytes.span)
        }
        try cursor.expectEnd(bytes.span)
        #expect(elements == ["{\"id\": \"a\"}", "2", "\"x]\\\"\"", "[3]"])
    }

    @Test func `a string is found at every length and place`() throws {
        // Every alignment of the eight-byte steps, with each special byte at each place.
        for length in 0..<40 {
            let plain = String(repeating: "a", count: length)
            for special in ["", "\\n", "é", "\\\"", "\u{7F}"] {
                let text = "\"\(plain)\(special)\(plain)\" "
                let value = try read(Array(text.utf8))
                #expect(value.range == 0..<text.utf8.count - 1)
                #expect(value.hasEscapes == special.hasPrefix("\\"))
            }
        }
    }

    @Test func `a text cut anywhere is truncated or at least refused`() throws {
        let text = Array("[{\"a\":\"é\\u00e9\\n\",\"b\":[true,null,-1.5e3]},{\"c\":{}}]".utf8)
        for length in 0..<text.count {
            #expect(throws: JSONError(.truncated, at: length)) {
                try read(Array(text[..<length]))
            }
        }
        #expect(try read(text).kind == .array)
    }
}
