import Testing

@testable import CallArchive
@testable import Transfer

/// How the provider's calls and transcriptions are asked for and read.
struct CatapultDetailsTests {
    private func provider() throws -> CatapultProvider {
        try CatapultProvider(
            baseURL: "https://api.example/v1", account: "u-1", pageSize: 1000)
    }

    private func answer(_ text: String, link: String? = nil) -> Response {
        var head = ResponseHead(status: 200)
        if let link { head.append(name: "Link", value: link) }
        return Response(head: head, body: Array(text.utf8))
    }

    @Test func `a page of calls is read, whatever else is in it`() throws {
        let calls = try #require(try provider().calls)
        let first = calls.firstPage()
        #expect(first.url.text == "https://api.example/v1/users/u-1/calls?page=0&size=1000")
        let (page, then) = try calls.read(
            answer(
                """
                [{"id":"c-1","direction":"out","from":"+1919","to":"sip:a@b","state":"completed",
                  "sipHeaders":{"X-1":"v"},"startTime":"2013-02-08T13:15:47.587Z",
                  "activeTime":"2013-02-08T13:15:52.347Z","endTime":"2013-02-08T13:15:55.887Z"},
                 {"id":7,"from":null,"to":42}, {"from":"x"}, 3, {}]
                """), at: first)
        #expect(
            page.calls == [
                ListedCall(
                    id: "c-1",
                    details: CallDetails(
                        from: "+1919", to: "sip:a@b", direction: "out",
                        startTime: "2013-02-08T13:15:47.587Z",
                        endTime: "2013-02-08T13:15:55.887Z")),
                ListedCall(id: "7", details: CallDetails(to: "42")),
            ])
        #expect(page.unreadable == 3)
        #expect(then == .end)
    }

    @Test func `a next page is followed as it is given, on the API's origin alone`() throws {
        let calls = try #require(try provider().calls)
        let next = "https://api.example/v1/users/u-1/calls?after=k"
        let (_, then) = try calls.read(
            answer("[]", link: "<\(next)>; rel=\"next\""), at: calls.firstPage())
        #expect(then == .next(PageCursor(url: try HTTPURL(next), number: 1, isLinked: true)))
        let (_, other) = try calls.read(
            answer("[]", link: "<https://evil.example/calls>; rel=\"next\""),
            at: calls.firstPage())
        guard case .broken = other else {
            Issue.record("another origin is followed")
            return
        }
    }

    @Test(arguments: ["", "<html></html>", "{\"code\":\"x\"}", "[{\"id\":\"c-1\"", "7"])
    func `what is no list is refused`(text: String) throws {
        let calls = try #require(try provider().calls)
        #expect(throws: UnusableAnswer.self) {
            try calls.read(answer(text), at: calls.firstPage())
        }
        let transcriptions = try #require(try provider().transcriptions)
        #expect(throws: UnusableAnswer.self) { try transcriptions.read(answer(text)) }
    }

    @Test(
        arguments: [
            ("https://api.example/v1/users/u-1/calls/c-1", "c-1"),
            ("https://api.example/v1/users/u-1/calls/c%2F1/?x=y#z", "c/1"),
            ("/v1/users/u/calls/c-2", "c-2"), ("c-3", nil), ("", nil), ("https://h/%zz", nil),
        ] as [(String, String?)])
    func `a recording's call names its id last`(call: String, id: String?) throws {
        #expect(try provider().calls?.callID(of: call) == id)
    }

    @Test func `transcriptions are listed by their recording's id`() throws {
        let transcriptions = try #require(try provider().transcriptions)
        #expect(
            transcriptions.list(of: "r/..")?.text
                == "https://api.example/v1/users/u-1/recordings/r%2F../transcriptions")
        let listed = try transcriptions.read(
            answer(
                """
                [{"chargeableDuration":60,"id":"t-1","state":"completed","text":"hello",
                  "textSize":5,"textUrl":"https://api.example/t","time":"2014-10-09T12:09:16Z"},
                 {"id":"t-2","state":"transcribing","text":null}, null]
                """))
        #expect(
            listed == [
                ListedTranscription(
                    state: .completed, time: "2014-10-09T12:09:16Z", text: "hello",
                    textURL: "https://api.example/t", textSize: 5),
                ListedTranscription(state: .transcribing),
            ])
    }
}
