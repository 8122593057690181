import CatapultSimulator
import FoundationEssentials
import Testing

@Suite struct ControlTests {
    @Test func `faults are added and cleared`() throws {
        let running = try Running()
        #expect(running.post("faults", "\"media:status=500\"").status == 204)
        #expect(running.media("r-000001").status == 500)
        #expect(running.post("faults", "", method: "DELETE").status == 204)
        #expect(running.media("r-000001").status == 200)
        let both = "[\"media:r-000001:status=502\",\"media:r-000002:status=504\"]"
        #expect(running.post("faults", both).status == 204)
        #expect(running.media("r-000001").status == 502)
        #expect(running.media("r-000002").status == 504)
        #expect(running.post("faults", "\"media:nothing\"").status == 400)
    }

    @Test func `a recording is saving now and complete later`() throws {
        let running = try Running()
        let put = #"{"id":"r-000002","state":"saving"}"#
        #expect(running.post("recordings", put).status == 204)
        #expect(running.media("r-000002").status == 404)
        let row = running.get("\(running.user)/recordings/r-000002").text
        #expect(row.contains("\"state\":\"saving\""))
        _ = running.post("recordings", #"{"id":"r-000002","state":"complete"}"#)
        #expect(running.media("r-000002").bytes == running.simulator.bytes("r-000002"))
    }

    @Test func `recordings are given, with members as odd as wanted`() throws {
        let running = try Running { $0.recordings.count = 1 }
        let put = #"""
            [{"id":"../../etc/\u0007","head":true,"size":2000,
              "members":{"startTime":"2013-02-08T13:15:65Z","endTime":null,"extra":[1,{"a":true}]}},
             {"id":"far","members":{"media":"{origin}/else/where.wav?x=1"}},
             {"id":"bare","omit":["media","call","startTime","endTime","state"]},
             {"id":"raw","raw":"{\"id\": 5}"}]
            """#
        #expect(running.post("recordings", put).status == 204)
        let page = running.get("\(running.user)/recordings").text
        #expect(page.contains(#""id":"../../etc/\u0007""#))
        #expect(page.contains(#""startTime":"2013-02-08T13:15:65Z""#))
        #expect(page.contains(#""endTime":null"#))
        #expect(page.contains(#""extra":[1,{"a":true}]"#))
        #expect(page.contains(#"{"id":"bare"}"#))
        #expect(page.hasSuffix(#",{"id": 5}]"#))
        #expect(page.hasPrefix(#"[{"id":"../.."#))
        let origin = running.simulator.origin
        #expect(page.contains("\"media\":\"\(origin)/else/where.wav?x=1\""))
        #expect(
            running.get("/else/where.wav?x=1").bytes == running.simulator.bytes("far"))
        #expect(running.media("../../etc/\u{7}").body.count == 2000)
        #expect(running.simulator.recordingCount == 5)
    }

    @Test func `recordings are removed, their media changed or taken away`() throws {
        let running = try Running { $0.recordings.count = 10 }
        #expect(running.post("recordings/remove", #"["r-000001","r-000005"]"#).status == 204)
        #expect(
            try running.ids(running.get("\(running.user)/recordings"))
                == [2, 3, 4, 6, 7, 8, 9, 10].map { "r-" + "00000\($0)".suffix(6) })
        #expect(running.get("\(running.user)/media/c-000005-1.wav").status == 404)
        #expect(running.post("recordings/remove", #""r-000001""#).status == 404)
        let before = running.media("r-000002")
        #expect(running.post("recordings/change-media", #""r-000002""#).status == 204)
        let after = running.media("r-000002")
        #expect(after.bytes != before.bytes)
        #expect(after.header("etag") != before.header("etag"))
        #expect(running.post("recordings/remove-media", #""r-000002""#).status == 204)
        let gone = running.media("r-000002")
        #expect(gone.status == 404)
        #expect(gone.text.contains("media-not-found"))
        #expect(running.get("\(running.user)/recordings/r-000002").status == 200)
    }

    @Test func `credentials and rates change`() throws {
        let running = try Running()
        #expect(running.post("credentials/revoke", "").status == 204)
        #expect(running.media("r-000001").status == 401)
        #expect(running.post("credentials/restore", "").status == 204)
        let rate = #"{"media":{"requests":1,"seconds":3600,"window":"sliding"}}"#
        #expect(running.post("rates", rate).status == 204)
        #expect(
            [running.media("r-000001").status, running.media("r-000001").status] == [200, 429])
        #expect(running.post("rates", #"{"media":null}"#).status == 204)
        #expect(running.media("r-000001").status == 200)
        #expect(running.post("rates", #"{"disk":null}"#).status == 400)
    }

    @Test func `log and stats are read and cleared, without their own requests`() throws {
        let running = try Running()
        _ = running.media("r-000001", headers: ["Range: bytes=5-", "If-Range: \"x\""])
        let log = try JSONDecoder().decode(
            [RequestRecord].self, from: Data(running.get("/_control/log").body))
        #expect(log == running.simulator.log())
        #expect(log.first?.range == "bytes=5-")
        #expect(log.first?.ifRange == "\"x\"")
        #expect(log.first?.host == "127.0.0.1")
        #expect(log.first?.subject == "c-000001-1.wav")
        let stats = running.get("/_control/stats").text
        #expect(
            stats.contains(#""c-000001-1.wav":{"bytes":16384,"requests":1,"wholeBodies":1}"#))
        #expect(running.post("log", "", method: "DELETE").status == 204)
        #expect(running.simulator.log().isEmpty)
        #expect(running.get("/_control/nothing").status == 404)
    }
}
