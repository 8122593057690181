import Testing
import Transfer

/// The small tables: pauses, statuses, error kinds, heads, the bounded group.
struct PolicyTests {
    @Test(
        arguments: zip(
            [-3, 0, 1, 2, 3, 7, 8, 9, 1000],
            [500, 500, 500, 1000, 2000, 32_000, 60_000, 60_000, 60_000]))
    func `the longest pause doubles up to a minute`(_ attempt: Int, _ milliseconds: Int) {
        let backoff = Backoff()
        #expect(backoff.ceiling(attempt: attempt) == .milliseconds(milliseconds))
        #expect(backoff.pause(attempt: attempt, random: 0) == .zero)
        #expect(
            backoff.pause(attempt: attempt, random: 0.5) == .milliseconds(milliseconds) / 2)
    }

    @Test func `each status has its class`() {
        let table: [(StatusClass, [Int])] = [
            (.content, [200, 206]), (.redirect, [301, 302, 303, 307, 308]),
            (.rangeNotSatisfiable, [416]), (.rateLimited, [429]), (.refused, [401, 403]),
            (.gone, [404, 410]), (.transient, [408, 425, 500, 501, 502, 503, 504, 599]),
            (
                .permanent,
                [0, 100, 201, 204, 205, 207, 300, 304, 305, 400, 402, 405, 406, 451, 600, 999]
            ),
        ]
        for (expected, statuses) in table {
            for status in statuses { #expect(StatusClass(status) == expected, "\(status)") }
        }
    }

    @Test func `what may pass is told from what won't`() {
        let final: Set<TransferError.Kind> = [
            .certificate, .caFile, .refusedBySink, .interrupted, .badRequest,
        ]
        let transient: Set<TransferError.Kind> = [
            .resolve, .connect, .connectTimeout, .tls, .cut, .stall, .malformed,
            .oversizedHeaders, .library,
        ]
        for kind in final { #expect(!TransferError(kind, text: "").isTransient) }
        for kind in transient { #expect(TransferError(kind, text: "").isTransient) }
    }

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

    @Test func `a group admits no more than its bound and joins all`() {
        let group = BoundedGroup(bound: 2)
        #expect(group.tryEnter())
        #expect(group.tryEnter())
        #expect(!group.tryEnter())
        #expect(group.count == 2)
        group.setBound(3)
        #expect(group.tryEnter())
        group.setBound(1)
        group.leave()
        #expect(!group.tryEnter())
        group.leave()
        group.leave()
        group.wait()
        #expect(group.count == 0)
        #expect(BoundedGroup(bound: -5).tryEnter())
    }
}
