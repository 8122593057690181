/// The provider Catapult v1, simulated on loopback, with faults by name.
///
/// All members may be used from any thread, before and during requests.
package final class Simulator: Sendable {
    private let server: Server
    private var service: Service { server.service }

    /// Takes its port; nobody is answered before `start`.
    package init(configuration: Configuration = Configuration()) throws(SimulatorError) {
        server = try Server(configuration)
    }

    deinit {
        server.shutDown()
    }

    package func start() throws(SimulatorError) {
        try server.start()
    }

    /// Closes all connections and waits for their threads.
    package func stop() {
        server.shutDown()
    }

    /// `http://127.0.0.1:PORT`
    package var origin: String { service.origin }
    /// `http://127.0.0.1:PORT/v1`
    package var baseURL: String { service.base }
    package var port: UInt16 { service.port }
    /// Connections accepted so far.
    package var connectionCount: Int { server.accepted }

    // MARK: Log

    package func log() -> [RequestRecord] { service.log.records() }
    package func counts() -> RequestCounts { service.log.counts() }
    /// Forgets log and counts.
    package func clearLog() { service.log.clear() }

    // MARK: Faults

    /// Adds a rule to those in force; the first that applies to a request is taken.
    package func setFault(_ fault: Fault) {
        service.faults.withLock { $0.add(fault) }
    }

    /// Adds a rule as written on the command line: `media:r-000003:cut@0.6:first=1`.
    package func setFault(_ text: String) throws(SimulatorError) {
        setFault(try Fault(text))
    }

    package func clearFaults() {
        service.faults.withLock { $0.clear() }
    }

    // MARK: Recordings

    /// Changes recordings, or adds those that the provider doesn't have.
    package func update(_ patches: RecordingPatch...) {
        update(patches)
    }

    package func update(_ patches: [RecordingPatch]) {
        service.book.withLock { book in
            for patch in patches { book.put(patch) }
        }
    }

    /// Takes a recording out of the listing, and its media away; false when there is none.
    @discardableResult
    package func remove(_ id: String) -> Bool {
        service.book.withLock { $0.remove(id: id) }
    }

    /// The row stays, the media answers 404; false when there is no such recording.
    @discardableResult
    package func removeMedia(of id: String) -> Bool {
        service.book.withLock { $0.removeMedia(of: id) }
    }

    /// Other bytes and another ETag from now on; false when there is no such recording.
    @discardableResult
    package func changeMedia(of id: String) -> Bool {
        service.book.withLock { $0.changeMedia(of: id) }
    }

    /// Generates anew, and forgets all changes.
    package func replaceRecordings(_ plan: RecordingPlan) {
        service.book.withLock { $0.replace(plan: plan, now: WallClock.milliseconds()) }
    }

    package var recordingCount: Int { service.book.withLock { $0.count } }

    /// What the media of a recording holds now, whatever its state; nil when there is none.
    package func media(of id: String) -> MediaContent? {
        service.book.withLock { $0.row(id: id) }?.content
    }

    /// All bytes of a recording's media; for files that fit into memory.
    package func expectedBytes(_ id: String) -> [UInt8]? {
        media(of: id).map { $0.bytes(0..<$0.size) }
    }

    /// The SHA-256 of a recording's media in hexadecimal.
    package func expectedSHA256(_ id: String) -> String? {
        guard let media = media(of: id) else { return nil }
        let digest = Digest.of(Body(media, 0..<media.size), .sha256)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    package func mediaName(of id: String) -> String? {
        service.book.withLock { $0.row(id: id) }?.mediaName
    }

    // MARK: The account

    /// From now on the right credentials are wrong, or right again.
    package func setCredentialsRevoked(_ revoked: Bool) {
        service.credentialsAreRevoked.withLock { $0 = revoked }
    }

    /// Another limit for a family, counted from now on; nil: none.
    package func setRate(_ limit: RateLimit?, for family: EndpointFamily) {
        service.limiters.withLock { $0[family] = limit.map { RateLimiter(limit: $0) } }
    }

    /// Changes what may change while it runs: all but address, TLS, recordings, rates and log.
    package func reconfigure(_ change: (inout Configuration) -> Void) {
        service.settings.withLock { change(&$0) }
    }
}
