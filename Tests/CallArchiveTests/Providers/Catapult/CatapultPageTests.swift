import CallArchive
import Platform
import Testing

@Suite struct CatapultPageTests {
    private func listing(_ text: String) throws(PageError) -> ListingPage {
        try CatapultPage(Array(text.utf8)).listing()
    }

    @Test func `the provider's own page is read as it stands`() throws {
        let bytes = try Fixtures.bytes("seed-page.json")
        let page = try CatapultPage(bytes).listing()
        #expect(page.unreadable.isEmpty)
        #expect(page.rowCount == 3)
        #expect(
            page.recordings.map(\.id) == ["{recordingId1}", "{recordingId2}", "{recordingId3}"])
        #expect(page.recordings.allSatisfy { $0.state == .complete })
        let first = try #require(page.recordings.first)
        #expect(first.startTime == "2013-02-08T13:15:47.587Z")
        #expect(first.endTime == "2013-02-08T13:17:12.181Z")
        #expect(first.media == "https://.../v1/users/.../media/{callId1}-1.wav")
        #expect(first.call == "https://.../v1/users/.../calls/{callId1}")
        #expect(first.start?.milliseconds == 1_360_329_347_587)
    }

    @Test(
        arguments: [
            (#"{"id":"r","state":"complete"}"#, .complete),
            (#"{"id":"r","status":"completed"}"#, .complete),
            (#"{"id":"r","state":"completed"}"#, .complete),
            (#"{"id":"r","state":"saving","status":"complete"}"#, .saving),
            (#"{"id":"r","state":null,"status":"complete"}"#, .complete),
            (#"{"id":"r","state":7,"status":"error"}"#, .error),
            (#"{"id":"r","state":"recording"}"#, .recording),
            (#"{"id":"r","state":"archiving"}"#, .unknown("archiving")),
            (#"{"id":"r","state":{"x":1}}"#, .unknown("")),
            (#"{"id":"r"}"#, .unknown("")),
            (#"{"id":"r","state":"saving","state":"complete"}"#, .complete),
            (#"{"id":"r","st\u0061te":"complete"}"#, .complete),
        ] as [(String, RecordingState)])
    func `the state is read in every spelling`(row: String, state: RecordingState) throws {
        #expect(try listing("[\(row)]").recordings.map(\.state) == [state])
    }

    @Test(arguments: [
        (#""r-1""#, "r-1"), ("42", "42"), ("-7", "-7"),
        ("12345678901234567890123", "12345678901234567890123"),
        (#""r\u00e9""#, "ré"), (#""../x""#, "../x"), (#""a\u0000b""#, "a\0b"),
    ])
    func `an id is a text or a number's digits`(json: String, id: String) throws {
        let page = try listing("[{\"id\": \(json)}]")
        #expect(page.recordings.map(\.id) == [id])
        #expect(page.recordings.first?.startTime == nil)
        #expect(page.recordings.first?.media == nil)
    }

    @Test(arguments: [
        (#"{"state":"complete"}"#, "row 2: it has no id"), ("{}", "row 2: it has no id"),
        (#"{"id":null}"#, "row 2: its id is null"), (#"{"id":""}"#, "row 2: its id is empty"),
        (#"{"id":true}"#, "row 2: its id is a boolean"),
        (#"{"id":["r"]}"#, "row 2: its id is an array"),
        (#"{"id":"\ud800"}"#, "row 2: its id is no valid text"),
        ("null", "row 2: it is null, not an object"),
        ("17", "row 2: it is a number, not an object"),
        ("[]", "row 2: it is an array, not an object"),
        (#""r""#, "row 2: it is a string, not an object"),
    ])
    func `a row that names no recording is reported and the others are kept`(
        row: String, reason: String
    ) throws {
        let page = try listing("[{\"id\":\"a\"},\(row),{\"id\":\"b\"}]")
        #expect(page.recordings.map(\.id) == ["a", "b"])
        #expect(page.unreadable == [reason])
        #expect(page.rowCount == 3)
    }

    @Test func `members of a wrong type count as absent`() throws {
        let page = try listing(
            #"[{"id":"r","startTime":1360329347,"endTime":null,"call":{},"media":[],"x":{"id":"y"}}]"#
        )
        let recording = try #require(page.recordings.first)
        #expect(recording.id == "r")
        #expect(recording.startTime == nil && recording.endTime == nil)
        #expect(recording.call == nil && recording.media == nil)
    }

    @Test func `an impossible time is kept as text and gives no moment`() throws {
        let page = try listing(#"[{"id":"r","startTime":"2013-02-08T13:15:65Z"}]"#)
        #expect(page.recordings.first?.startTime == "2013-02-08T13:15:65Z")
        #expect(page.recordings.first?.start == nil)
    }

    @Test func `an empty list is a page, also behind a byte order mark`() throws {
        #expect(try listing(" [ ] \n").rowCount == 0)
        #expect(try listing("\u{FEFF}[{\"id\":1}]").recordings.map(\.id) == ["1"])
    }

    @Test(
        arguments: [
            ("", .empty), (" \n ", .empty),
            ("true", .otherJSON("a boolean")), ("\"no\"", .otherJSON("a string")),
            ("Service Unavailable", .text("Service Unavailable")),
            ("not found", .text("not found")),
            (
                "<html><head><title>502 Bad Gateway</title><style>b{}</style></head>\n<h1>502</h1></html>",
                .html("502 Bad Gateway 502")
            ),
            ("[{\"id\":\"a\"},{\"id\":", .malformed(JSONError(.truncated, at: 18))),
            ("[{\"id\":\"a\"}", .malformed(JSONError(.truncated, at: 11))),
            ("[{\"id\":\"a\"}]x", .malformed(JSONError(.trailingBytes, at: 12))),
            ("{\"code\":", .malformed(JSONError(.truncated, at: 8))),
        ] as [(String, PageError)])
    func `what is no list is named`(text: String, error: PageError) {
        #expect(throws: error) { try listing(text) }
    }

    @Test func `an error body in place of a list is told in its own words`() throws {
        let error = #expect(throws: PageError.self) {
            try listing(#"{"category":"forbidden","code":"user-access-denied","message":"No."}"#)
        }
        guard case .errorBody(let body) = error else {
            Issue.record("not an error body: \(String(describing: error))")
            return
        }
        #expect(body.code == "user-access-denied")
        #expect("\(PageError.errorBody(body))".contains("user-access-denied: No."))
    }

    @Test func `rows can be looked at before they are built`() throws {
        let page = CatapultPage(Array(#"[ {"id":"a"} , {"id":2,"x":[1]},{} ]"#.utf8))
        var seen: [String] = []
        let count = try page.forEachRow { row in
            let recording = try? row.recording()
            seen.append("\(row.number) \(row.id ?? "-") \(recording?.id ?? "-")")
        }
        #expect(count == 3)
        #expect(seen == ["1 a a", "2 2 2", "3 - -"])
    }
}
