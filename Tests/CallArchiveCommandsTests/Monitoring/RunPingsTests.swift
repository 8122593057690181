import CallArchive
import Glibc
import Platform
import Testing

/// Over real sockets.
struct RunPingsTests {
    private func pings(_ receiver: PingReceiver, _ path: String = "/uuid?create=1") throws
        -> RunPings
    {
        var limits = RunPings.Limits()
        limits.longest = .seconds(2)
        limits.hurried = .milliseconds(300)
        limits.pause = .milliseconds(20)
        return RunPings(try PingAddress(receiver.base + path), limits: limits)
    }

    /// How long something took, in seconds.
    private func seconds(_ body: () -> Void) -> Double {
        let began = MonotonicClock.now()
        body()
        return Double(MonotonicClock.now() - began) / 1e9
    }

    @Test func `start and end come in order, by POST, with a body and without credentials`() throws
    {
        let receiver = try PingReceiver()
        let pings = try pings(receiver)
        pings.start { "begun\n" }
        #expect(pings.end(.failure, "exit status 5\n") == nil)
        #expect(
            receiver.lines == ["POST /uuid/start?create=1", "POST /uuid/fail?create=1"])
        #expect(receiver.pings.map(\.body) == ["begun\n", "exit status 5\n"])
        for ping in receiver.pings {
            #expect(!ping.headers.lowercased().contains("authorization"))
            #expect(ping.headers.contains("Content-Type: text/plain; charset=utf-8"))
            #expect(ping.headers.contains("User-Agent: callarchive/"))
            #expect(!ping.headers.contains("Expect:"))
        }
    }

    @Test func `success goes to the address itself`() throws {
        let receiver = try PingReceiver()
        #expect(try pings(receiver).end(.success, "") == nil)
        #expect(receiver.lines == ["POST /uuid?create=1"])
    }

    @Test func `one that failed is tried once more`() throws {
        let receiver = try PingReceiver(.status(503), .status(200))
        #expect(try pings(receiver).end(.success, "x") == nil)
        #expect(receiver.lines.count == 2)
        let stubborn = try PingReceiver(.status(404))
        #expect(try pings(stubborn).end(.success, "x") == "it answered 404")
        #expect(stubborn.lines.count == 2)
    }

    @Test func `a redirect is not followed`() throws {
        let receiver = try PingReceiver(.status(302))
        #expect(
            try pings(receiver).end(.success, "x")
                == "it answered 302, and redirects are not followed")
        #expect(Set(receiver.lines) == ["POST /uuid?create=1"])
    }

    @Test func `nobody there is a failure that doesn't name the address`() throws {
        let gone: PingAddress
        do {
            let receiver = try PingReceiver()
            gone = try PingAddress(receiver.base + "/canary")
        }
        var limits = RunPings.Limits()
        limits.pause = .milliseconds(20)
        let trouble = try #require(RunPings(gone, limits: limits).end(.success, "x"))
        #expect(trouble.contains("onnect") && !trouble.contains("canary"))
    }

    @Test func `one that isn't answered is given up in time`() throws {
        let receiver = try PingReceiver(.silence)
        let pings = try pings(receiver)
        var trouble: String?
        let took = seconds { trouble = pings.end(.success, "x") }
        #expect(trouble == "it gave no answer in time")
        #expect(took > 1.5 && took < 8)
    }

    @Test func `a start that hangs neither holds up the end nor comes behind it`() throws {
        let receiver = try PingReceiver(.silence, .status(200))
        let pings = try pings(receiver)
        pings.start { "begun" }
        for _ in 0..<500 where receiver.lines.isEmpty { usleep(10_000) }
        let took = seconds { #expect(pings.end(.success, "x") != nil) }
        #expect(took < 8)
        #expect(receiver.lines.last == "POST /uuid?create=1")
    }

    @Test func `after a signal there is less time`() throws {
        let receiver = try PingReceiver(.silence)
        let pings = try pings(receiver)
        pings.hurry()
        let took = seconds { #expect(pings.end(.failure, "x") == "it gave no answer in time") }
        #expect(took < 1.9)
        #expect(receiver.lines.count == 1)
    }
}
