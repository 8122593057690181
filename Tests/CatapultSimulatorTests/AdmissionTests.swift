import CatapultSimulator
import Glibc
import Testing

@Suite struct AdmissionTests {
    @Test func `without the right credentials there is nothing, and the log tells why`() throws {
        let running = try Running()
        let target = "\(running.user)/recordings"
        let none = running.get(target, authorization: nil)
        #expect(none.status == 401)
        #expect(none.header("www-authenticate")?.hasPrefix("Basic") == true)
        #expect(none.text.contains("\"code\":\"invalid-credentials\""))
        #expect(running.get(target, authorization: "Basic d3Jvbmc6d3Jvbmc=").status == 401)
        #expect(running.get(target, authorization: "Bearer x").status == 401)
        #expect(running.get(target).status == 200)
        let log = running.simulator.log()
        #expect(log.map(\.authorization) == [.none, .wrong, .malformed, .valid])
        #expect(log.map(\.status) == [401, 401, 401, 200])
        #expect(!"\(log)".contains("s-simulated"))
        #expect(!"\(log)".contains("dC1zaW11"))
    }

    @Test func `another user id is refused`() throws {
        let running = try Running()
        let response = running.get("/v1/users/u-other/recordings")
        #expect(response.status == 403)
        #expect(response.text.contains("\"code\":\"user-access-denied\""))
    }

    @Test func `media may be open while the listing is not`() throws {
        let running = try Running { $0.mediaIsOpen = true }
        let media = running.get("\(running.user)/media/c-000001-1.wav", authorization: nil)
        #expect(media.status == 200)
        #expect(running.get("\(running.user)/recordings", authorization: nil).status == 401)
    }

    @Test func `credentials are revoked and restored while it runs`() throws {
        let running = try Running()
        running.simulator.setCredentialsRevoked(true)
        #expect(running.media("r-000001").status == 401)
        running.simulator.setCredentialsRevoked(false)
        #expect(running.media("r-000001").status == 200)
    }

    @Test func `only reading is allowed`() throws {
        let running = try Running()
        let client = running.client()
        client.send("DELETE", "\(running.user)/media/c-000001-1.wav")
        #expect(client.receive().status == 405)
        #expect(running.media("r-000001").status == 200)
    }

    @Test func `a fixed window grants its number and begins anew at its multiple`() {
        var limiter = RateLimiter(limit: RateLimit(requests: 2, per: 1, window: .fixed))
        #expect(limiter.admit(at: 10_900) == nil)
        #expect(limiter.admit(at: 10_950) == nil)
        #expect(limiter.admit(at: 10_999) == 11_000)
        #expect(limiter.admit(at: 11_000) == nil)
        #expect(limiter.admit(at: 11_001) == nil)
        #expect(limiter.admit(at: 11_002) == 12_000)
    }

    @Test func `a sliding window counts the span before each request`() {
        var limiter = RateLimiter(limit: RateLimit(requests: 2, per: 1, window: .sliding))
        #expect(limiter.admit(at: 10_900) == nil)
        #expect(limiter.admit(at: 10_950) == nil)
        #expect(limiter.admit(at: 11_000) == 11_900)
        #expect(limiter.admit(at: 11_899) == 11_900)
        #expect(limiter.admit(at: 11_900) == nil)
        #expect(limiter.admit(at: 11_901) == 11_950)
    }

    @Test(arguments: ResetUnit.allCases)
    func `a refusal tells when the next request is granted`(unit: ResetUnit) throws {
        let running = try Running {
            $0.rates = [.media: RateLimit(requests: 1, per: 3600, window: .sliding)]
            $0.resetUnit = unit
            $0.clockOffset = 90_000
        }
        let before = now() + 3_690_000
        #expect(running.media("r-000001").status == 200)
        let after = now() + 3_690_000
        let refused = running.media("r-000001")
        #expect(refused.status == 429)
        #expect(refused.text.contains("\"category\":\"too-many-requests\""))
        #expect(!refused.text.contains("message"))
        let reset = refused.header("x-ratelimit-reset").flatMap { Int64($0) }
        switch unit {
        case .missing: #expect(reset == nil)
        case .milliseconds: #expect((before - 1...after).contains(try #require(reset)))
        case .seconds: #expect((before / 1000...after / 1000 + 1).contains(try #require(reset)))
        }
        // Families are counted by themselves.
        #expect(running.get("\(running.user)/recordings").status == 200)
        #expect(running.simulator.counts().families[.media]?.refused == 1)
        running.simulator.setRate(nil, for: .media)
        #expect(running.media("r-000001").status == 200)
    }

    private func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
