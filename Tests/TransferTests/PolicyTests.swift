import Testing
import Transfer

/// The small tables: pauses, statuses, error kinds, the bounded group.
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
