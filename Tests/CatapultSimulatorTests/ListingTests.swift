import CatapultSimulator
import FoundationEssentials
import Testing

@Suite struct ListingTests {
    @Test func `a row has the members that the provider documents`() throws {
        let running = try Running()
        let response = running.get("\(running.user)/recordings/?size=1")
        #expect(response.status == 200)
        #expect(response.header("content-type") == "application/json")
        let base = running.simulator.baseURL
        let row = try #require(
            try JSONDecoder().decode([[String: String]].self, from: Data(response.body)).first)
        #expect(row["id"] == "r-000001")
        #expect(row["state"] == "complete")
        #expect(row["media"] == "\(base)/users/u-simulated/media/c-000001-1.wav")
        #expect(row["call"] == "\(base)/users/u-simulated/calls/c-000001")
        let content = try #require(running.simulator.media(of: "r-000001"))
        let seconds = Double(content.size - 44) / 16_000
        let start = try Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            .parse(#require(row["startTime"]))
        let end = try Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            .parse(#require(row["endTime"]))
        #expect(abs(end.timeIntervalSince(start) - seconds) < 0.002)
    }

    @Test func `a page holds 25 rows unless another size is asked, and never over 1000`() throws {
        let running = try Running { $0.recordings.count = 1500 }
        #expect(try running.ids(running.get("\(running.user)/recordings")).count == 25)
        let page = running.get("\(running.user)/recordings?size=1000&page=1")
        #expect(try running.ids(page).count == 500)
        #expect(running.get("\(running.user)/recordings?size=1001").status == 400)
    }

    @Test(arguments: [PagingStyle.link, .opaque])
    func `following next reaches every recording once`(style: PagingStyle) throws {
        let running = try Running {
            $0.recordings.count = 103
            $0.paging = style
        }
        var target: String? = "\(running.user)/recordings?size=10"
        var ids: [String] = []
        var requests = 0
        while let now = target, requests < 20 {
            let response = running.get(now)
            ids += try running.ids(response)
            requests += 1
            let link = response.header("link") ?? ""
            let next = link.split(separator: ", <").first { $0.contains("rel=\"next\"") }
            target = next.map { next in
                String(next.drop { $0 == "<" }.prefix { $0 != ">" })
                    .replacing(running.simulator.origin, with: "")
            }
        }
        #expect(ids == (1...103).map { "r-" + "000000\($0)".suffix(6) })
        #expect(requests == 11)
    }

    @Test func `an opaque listing ignores page`() throws {
        let running = try Running { $0.paging = .opaque }
        let page = running.get("\(running.user)/recordings?size=2&page=3")
        #expect(try running.ids(page) == ["r-000001", "r-000002"])
    }

    @Test func `without Link pages are counted up to an empty one`() throws {
        let running = try Running { $0.paging = .none }
        let last = running.get("\(running.user)/recordings?size=50&page=1")
        #expect(last.header("link") == nil)
        #expect(try running.ids(last).count == 50)
        #expect(try running.ids(running.get("\(running.user)/recordings?size=50&page=2")).isEmpty)
    }

    @Test func `relative targets take three forms by turns`() throws {
        let running = try Running { $0.paging = .relative }
        let links = (0..<4).map { page in
            running.get("\(running.user)/recordings?size=25&page=\(page)").header("link")
        }
        #expect(
            links == [
                "<\(running.user)/recordings?page=1&size=25>; rel=\"next\"",
                "<?page=2&size=25>; rel=\"next\"",
                "<./recordings?page=3&size=25>; rel=\"next\"", nil,
            ])
    }

    @Test func `nasty links hide next among quoted strings and commas`() throws {
        let running = try Running { $0.paging = .nasty }
        let links = running.get("\(running.user)/recordings").all("link")
        #expect(links.count == 3)
        #expect(links[2].contains("note=a,b;c&page=1&size=25> ; title*"))
        #expect(running.get("\(running.user)/recordings?note=a,b;c&page=1&size=25").status == 200)
        #expect(!running.get("\(running.user)/recordings?page=3").all("link")[1].contains("NEXT"))
    }

    @Test func `moving rows repeat between pages, or are left out`() throws {
        let running = try Running {
            $0.paging = .moving
            $0.movingRows = 2
        }
        let second = running.get("\(running.user)/recordings?size=10&page=1")
        #expect(try running.ids(second).first == "r-000009")
        running.simulator.reconfigure { $0.movingRows = -2 }
        let skipped = running.get("\(running.user)/recordings?size=10&page=1")
        #expect(try running.ids(skipped).first == "r-000013")
    }

    @Test func `states, old spelling and absent members`() throws {
        let running = try Running {
            $0.recordings.count = 2000
            $0.recordings.states = ["recording": 0.1, "saving": 0.1, "error": 0.05, "odd": 0.05]
            $0.recordings.oldSpelling = 0.5
        }
        var states: [String: Int] = [:]
        for page in 0..<2 {
            let response = running.get("\(running.user)/recordings?size=1000&page=\(page)")
            let rows = try JSONDecoder().decode([[String: String]].self, from: Data(response.body))
            for row in rows {
                #expect((row["state"] == nil) != (row["status"] == nil))
                let state = row["state"] ?? row["status"] ?? ""
                states[state, default: 0] += 1
                #expect((row["endTime"] == nil) == (state == "recording"))
                #expect((row["media"] == nil) == (state == "recording" || state == "error"))
            }
        }
        #expect((150...250).contains(states["recording"] ?? 0))
        #expect((60...140).contains(states["odd"] ?? 0))
        #expect((600...800).contains(states["completed"] ?? 0))
        #expect((600...800).contains(states["complete"] ?? 0))
    }

    @Test func `a million recordings are listed from any page`() throws {
        let running = try Running { $0.recordings.count = 1_000_000 }
        let last = running.get("\(running.user)/recordings?size=1000&page=999")
        #expect(try running.ids(last).last == "r-1000000")
        #expect(last.header("link")?.contains("rel=\"next\"") == false)
    }

    @Test func `calls, media list and transcriptions answer with data of the recordings`() throws {
        let running = try Running { $0.recordings.recordingsPerCall = 2 }
        let calls = running.get("\(running.user)/calls?size=1000")
        #expect(try running.ids(calls).count == 50)
        #expect(try running.ids(calls).last == "c-000050")
        #expect(running.get("\(running.user)/calls/c-000051").status == 404)
        let media = running.get("\(running.user)/media?size=1000").text
        #expect(media.contains("\"contentLength\":16384,\"mediaName\":\"c-000001-2.wav\""))
        struct Transcription: Decodable {
            var text: String
            var textSize: Int
            var textUrl: String
        }
        let response = running.get("\(running.user)/recordings/r-000004/transcriptions")
        let found = try #require(
            try JSONDecoder().decode([Transcription].self, from: Data(response.body)).first)
        let url = found.textUrl.replacing(running.simulator.origin, with: "")
        let text = running.get(url).text
        #expect(text.utf8.count == found.textSize)
        #expect(text.hasPrefix(found.text))
    }
}
