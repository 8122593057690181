import CallArchive
import Testing
import Transfer

/// How a part is gone on with, and what an answer's head makes of it.
struct ResumeTests {
    private static let strong = Partial(etag: "\"a\"", lastModified: "d", total: 100_000)
    private static let weak = Partial(etag: "W/\"a\"", lastModified: "d", total: 100_000)
    private static let dated = Partial(etag: nil, lastModified: "d", total: 100_000)
    private static let bare = Partial(etag: nil, lastModified: nil, total: 100_000)

    struct Plan: Sendable {
        var size: Int64
        var partial: Partial?
        var plan: ResumePlan
    }

    @Test(arguments: [
        Plan(size: 0, partial: strong, plan: .fresh),
        Plan(size: 10, partial: nil, plan: .fresh),
        Plan(size: 100_001, partial: strong, plan: .fresh),
        Plan(size: 80_000, partial: strong, plan: .range(from: 80_000, ifRange: "\"a\"")),
        Plan(size: 100_000, partial: strong, plan: .range(from: 99_999, ifRange: "\"a\"")),
        Plan(size: 80_000, partial: weak, plan: .range(from: 80_000 - 65_536, ifRange: nil)),
        Plan(size: 100_000, partial: weak, plan: .range(from: 100_000 - 65_536, ifRange: nil)),
        Plan(size: 80_000, partial: dated, plan: .range(from: 80_000 - 65_536, ifRange: "d")),
        Plan(size: 80_000, partial: bare, plan: .range(from: 80_000 - 65_536, ifRange: nil)),
        // Less than the tail that is asked for again: nothing is saved by a range.
        Plan(size: 1000, partial: bare, plan: .fresh),
        Plan(
            size: 1000, partial: Partial(etag: nil, lastModified: "d", total: nil), plan: .fresh),
        Plan(
            size: 1000, partial: Partial(etag: "\"a\"", lastModified: nil, total: nil),
            plan: .range(from: 1000, ifRange: "\"a\"")),
        Plan(
            size: 1000, partial: Partial(etag: "\"\"", lastModified: nil, total: nil), plan: .fresh),
    ])
    func `a part is gone on with as far as something vouches for it`(_ row: Plan) {
        #expect(ResumePlan(size: row.size, partial: row.partial) == row.plan)
    }

    @Test func `a plan's fields are those of the request`() {
        #expect(ResumePlan.fresh.headers == [])
        #expect(ResumePlan.range(from: 5, ifRange: nil).headers == ["Range: bytes=5-"])
        #expect(
            ResumePlan.range(from: 5, ifRange: "\"a\"").headers
                == ["Range: bytes=5-", "If-Range: \"a\""])
    }

    private static func head(_ status: Int, _ fields: (String, String)...) -> ResponseHead {
        var head = ResponseHead(status: status)
        for (name, value) in fields { head.append(name: name, value: value) }
        return head
    }

    private func verdict(
        _ partial: Partial?, from: Int64? = 80_000, _ head: ResponseHead
    ) -> HeadVerdict {
        HeadVerdict(
            plan: from.map { .range(from: $0, ifRange: nil) } ?? .fresh, partial: partial,
            head: head)
    }

    private func isRestart(_ verdict: HeadVerdict) -> Bool {
        if case .restart = verdict { true } else { false }
    }

    @Test func `a whole answer is taken as whole`() {
        let whole = Self.head(200, ("Content-Length", "7"))
        #expect(verdict(nil, from: nil, whole) == .whole(total: 7))
        #expect(verdict(Self.strong, whole) == .whole(total: 7))
        #expect(verdict(nil, from: nil, Self.head(200)) == .whole(total: nil))
        let identity = Self.head(200, ("Content-Encoding", "identity"))
        #expect(verdict(nil, from: nil, identity) == .whole(total: nil))
    }

    @Test func `the rest is taken when start, total and validators agree`() {
        let range = ("Content-Range", "bytes 80000-99999/100000")
        let same = Self.head(206, range, ("ETag", "\"a\""), ("Content-Length", "20000"))
        #expect(verdict(Self.strong, same) == .rest(from: 80_000, total: 100_000))
        #expect(verdict(Self.bare, Self.head(206, range)) == .rest(from: 80_000, total: 100_000))
        let unknown = Self.head(206, ("Content-Range", "bytes 80000-99999/*"), ("ETag", "\"a\""))
        #expect(verdict(Self.strong, unknown) == .rest(from: 80_000, total: 100_000))
        let piece = Self.head(206, ("Content-Range", "bytes 80000-80009/100000"), ("ETag", "\"a\""))
        #expect(verdict(Self.strong, piece) == .rest(from: 80_000, total: 100_000))
    }

    @Test(arguments: [
        [("ETag", "\"a\"")],
        [("Content-Range", "bytes 80001-99999/100000"), ("ETag", "\"a\"")],
        [("Content-Range", "bytes 0-99999/100000"), ("ETag", "\"a\"")],
        [("Content-Range", "bytes 80000-99999/100001"), ("ETag", "\"a\"")],
        [("Content-Range", "bytes 80000-100000/100000"), ("ETag", "\"a\"")],
        [("Content-Range", "bytes */100000"), ("ETag", "\"a\"")],
        [("Content-Range", "items 80000-99999/100000"), ("ETag", "\"a\"")],
        [("Content-Range", "bytes 80000-99999/100000"), ("ETag", "\"b\"")],
        [("Content-Range", "bytes 80000-99999/100000"), ("ETag", "W/\"a\"")],
        [("Content-Range", "bytes 80000-99999/100000")],
        [
            ("Content-Range", "bytes 80000-99999/100000"), ("ETag", "\"a\""),
            ("Last-Modified", "e"),
        ],
        [
            ("Content-Range", "bytes 80000-99999/100000"), ("ETag", "\"a\""),
            ("Content-Length", "19999"),
        ],
    ])
    func `a rest that contradicts what is known is dropped`(_ fields: [(String, String)]) {
        var head = ResponseHead(status: 206)
        for (name, value) in fields { head.append(name: name, value: value) }
        #expect(isRestart(verdict(Self.strong, head)))
    }

    @Test func `without a strong ETag a rest must state its total`() {
        let unknown = Self.head(206, ("Content-Range", "bytes 80000-99999/*"))
        #expect(isRestart(verdict(Self.bare, unknown)))
        #expect(isRestart(verdict(Self.weak, unknown)))
    }

    @Test func `a range that isn't there is never success`() {
        let none = Self.head(416, ("Content-Range", "bytes */100000"))
        #expect(isRestart(verdict(Self.strong, from: 99_999, none)))
        #expect(verdict(nil, from: nil, none) == .other)
    }

    @Test func `an encoding or a range nobody asked for is no content`() {
        let gzip = Self.head(200, ("Content-Encoding", "gzip"))
        let range = Self.head(206, ("Content-Range", "bytes 0-9/10"))
        for head in [gzip, range] {
            guard case .unusable = verdict(nil, from: nil, head) else {
                Issue.record("taken: \(head.status)")
                return
            }
        }
    }

    @Test(arguments: [301, 400, 401, 404, 429, 500, 503, 204])
    func `other statuses are left to their class`(_ status: Int) {
        #expect(verdict(Self.strong, Self.head(status)) == .other)
    }
}
