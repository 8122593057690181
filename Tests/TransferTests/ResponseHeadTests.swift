import Testing
import Transfer

/// Header fields as they came, and looked up.
struct ResponseHeadTests {
    @Test func `header fields are found in any case and trimmed`() {
        var head = ResponseHead(status: 200)
        head.append(name: "ETag", value: " \"a:b\" ")
        head.append(name: "LINK", value: "<a>")
        head.append(name: "Link", value: "<b>")
        head.append(name: "Content-Length", value: "12")
        head.append(name: "X-Empty", value: "")
        #expect(head.first("etag") == "\"a:b\"")
        #expect(head.all("link") == ["<a>", "<b>"])
        #expect(head.first("x-empty")?.isEmpty == true)
        #expect(head.first("content") == nil)
        #expect(head.first("tag") == nil)
        #expect(head.contentLength == 12)
    }

    /// A line's length takes two bytes, its name's one.
    @Test(arguments: [1, 250, 253, 254, 255, 256, 511, 65_400, 65_536, 70_000])
    func `long lines and names hide no other`(_ count: Int) {
        let long = String(repeating: "n", count: count)
        for line in ["\(long): x\r\n", "X: \(long)\r\n", "\(long)\r\n"] {
            var head = ResponseHead(status: 200)
            head.append(name: "ETag", value: "1")
            Array(line.utf8).withUnsafeBytes { head.append($0) }
            head.append(name: "Digest", value: "2")
            #expect(head.first("etag") == "1")
            #expect(head.first("digest") == "2")
            #expect(head.hasField(["content-md5", "digest"]))
            #expect(!head.hasField(["tag", "ig", "content-md5"]))
            #expect(
                head.first("x") == (line.hasPrefix("X") && line.utf8.count < 65_536 ? long : nil))
            #expect(head.first("n") == (line == "n: x\r\n" ? "x" : nil))
            #expect(head.size == line.utf8.count + "ETag: 1\r\nDigest: 2\r\n".utf8.count)
        }
    }

    @Test(arguments: ["-1", "", "1x", "0x10", "99999999999999999999", "1.5", "1, 1"])
    func `a length that is no plain number is none`(_ text: String) {
        var head = ResponseHead(status: 200)
        head.append(name: "Content-Length", value: text)
        #expect(head.contentLength == nil)
    }

    @Test func `lines are taken with and without their ends`() {
        var head = ResponseHead(status: 206)
        for line in ["A: 1\r\n", "B: 2\n", "C: 3", "no colon\r\n", ": none\r\n", "D:4\r\n"] {
            Array(line.utf8).withUnsafeBytes { head.append($0) }
        }
        #expect(head.first("a") == "1")
        #expect(head.first("b") == "2")
        #expect(head.first("c") == "3")
        #expect(head.first("d") == "4")
    }
}
