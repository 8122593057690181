import CallArchive
import Testing

@Suite struct CatapultErrorBodyTests {
    @Test func `all members are read`() throws {
        let json = """
            {"category":"too-many-requests","code":"rate-limit-reached","x":{"code":"no"},
             "details":[{"name":"limit","value":"1"},{"value":"lost"},7,{"name":"n","value":2}]}
            """
        let body = try #require(CatapultErrorBody(Array(json.utf8)))
        #expect(body.category == "too-many-requests")
        #expect(body.code == "rate-limit-reached")
        #expect(body.message == nil)
        #expect(body.details == [.init(name: "limit", value: "1"), .init(name: "n", value: "2")])
        #expect(body.description == "rate-limit-reached")
    }

    @Test(arguments: [
        (#"{"code":"a","message":"b"}"#, "a: b"), (#"{"category":"c","message":"b"}"#, "c: b"),
        (#"{"message":"b\u001b[31m"}"#, "b [31m"), ("{}", "an error without code and message"),
        (#"{"code":null,"message":[]}"#, "an error without code and message"),
        (#"{"code":404}"#, "404"),
    ])
    func `it is described by what there is`(json: String, description: String) {
        #expect(CatapultErrorBody(Array(json.utf8))?.description == description)
    }

    @Test(arguments: [
        "", "[]", "Not found", "<html></html>", "{\"code\":\"a\"", "{\"code\":\"a\"}x", "null",
    ])
    func `what is no object is none`(text: String) {
        #expect(CatapultErrorBody(Array(text.utf8)) == nil)
    }
}
