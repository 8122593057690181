internal import CatapultSimulator

extension Options {
    static let table: [Options] = listening + account + recordings + answers + pace

    private static let listening = [
        Options("--help", nil, "this text") { _, _ in },
        Options("--address", "A", "127.0.0.1 (default), another 127.x or ::1") {
            $0.address = $1
        },
        Options("--port", "N", "0 (default): any free one") { configuration, text in
            guard let port = UInt16(text) else {
                throw SimulatorError.invalid("--port: '\(text)' is no port")
            }
            configuration.port = port
        },
        Options("--host-name", "NAME", "the host in URLs handed out") { $0.hostName = $1 },
        Options("--tls-cert", "FILE", "PEM chain; with --tls-key serves https") {
            $0.tlsCertificate = $1
        },
        Options("--tls-key", "FILE", "PEM key") { $0.tlsKey = $1 },
        Options("--log", "FILE", "appends each request as a line of JSON") { $0.logFile = $1 },
        Options("--no-memory-log", nil, "keeps no requests in memory (counts stay)") { c, _ in
            c.keepLog = false
        },
        Options("--fault", "FAULT", "see below; may be repeated") { configuration, text in
            configuration.faults.append(try Fault(text))
        },
    ]

    private static let account = [
        Options("--user-id", "ID", "u-simulated (default)") { $0.userID = $1 },
        Options("--open-media", nil, "media need no credentials") { c, _ in
            c.mediaIsOpen = true
        },
    ]

    private static let recordings = [
        Options("--count", "N", "generated recordings, 100 (default)") { configuration, text in
            configuration.recordings.count = Int(try Value.number(text, "--count"))
        },
        Options("--size", "BYTES[-BYTES]", "of each media, 16K (default)") { c, text in
            c.recordings.sizes = try Value.range(text, "--size")
        },
        Options("--audio", "KIND[=W],...", "mix by weight; kinds: see below") {
            configuration, text in
            var weights: [AudioKind: Double] = [:]
            for (name, weight) in try Value.weights(text, "--audio", standard: 1) {
                guard let kind = AudioKind(rawValue: name) else {
                    throw SimulatorError.invalid("--audio: '\(name)' is not one of \(kinds)")
                }
                weights[kind] = weight
            }
            configuration.recordings.kinds = weights
        },
        Options("--states", "WORD=F,...", "fractions that are not complete") { c, text in
            let shares = try Value.weights(text, "--states", standard: 0.1)
            c.recordings.states = Dictionary(shares) { $1 }
        },
        Options("--old-spelling", "F", "fraction with status/completed") { c, text in
            c.recordings.oldSpelling = try Value.number(text, "--old-spelling")
        },
        Options("--epoch", "MS", "the recordings ended before it; default: this hour") { c, text in
            c.recordings.epoch = Int64(try Value.number(text, "--epoch"))
        },
        Options("--days", "N", "they are spread over N days, 20 (default)") { c, text in
            c.recordings.days = try Value.number(text, "--days")
        },
        Options("--per-call", "N", "recordings per call, 1 (default)") { c, text in
            c.recordings.recordingsPerCall = max(1, Int(try Value.number(text, "--per-call")))
        },
        Options("--transcriptions", "F", "fraction with a transcription, 1 (default)") { c, text in
            c.transcribed = try Value.number(text, "--transcriptions")
        },
        Options("--transcribing", "F", "fraction whose transcription is not ready") { c, text in
            c.transcribing = try Value.number(text, "--transcribing")
        },
        Options("--no-calls", nil, "the list of calls is empty") { c, _ in
            c.hasNoCalls = true
        },
        Options("--newest-first", nil, "order of the listing, and of the calls") { c, _ in
            c.recordings.newestFirst = true
        },
    ]

    private static let answers = [
        Options("--paging", "STYLE", Value.list(PagingStyle.self)) { configuration, text in
            configuration.paging = try Value.word(text, "--paging")
        },
        Options("--page-size", "N", "when none is asked, 25 (default)") { c, text in
            c.defaultPageSize = max(1, Int(try Value.number(text, "--page-size")))
        },
        Options("--max-page-size", "N", "1000 (default)") { configuration, text in
            configuration.largestPageSize = max(1, Int(try Value.number(text, "--max-page-size")))
        },
        Options("--moving-rows", "N", "moving: shift per page, 3; negative leaves out") { c, text in
            guard let rows = Int(text) else {
                throw SimulatorError.invalid("--moving-rows: '\(text)'")
            }
            c.movingRows = rows
        },
        Options("--moving-walks", "N", "moving: only during the first N walks") { c, text in
            c.movingWalks = Int(try Value.number(text, "--moving-walks"))
        },
        Options("--validators", "V", Value.list(Validators.self)) { configuration, text in
            configuration.validators = try Value.word(text, "--validators")
        },
        Options("--ranges", "on|off", "off: Range is ignored") { configuration, text in
            configuration.serveRanges = try Value.flag(text, "--ranges")
        },
        Options("--if-range", "on|off", "off: If-Range is ignored") { configuration, text in
            configuration.honourIfRange = try Value.flag(text, "--if-range")
        },
        Options("--framing", "F", "of media: " + Value.list(Framing.self)) { c, text in
            c.framing = try Value.word(text, "--framing")
        },
        Options("--digests", "D,...", Value.list(DigestHeader.self)) { configuration, text in
            for word in text.split(separator: ",") {
                configuration.digests.insert(try Value.word(String(word), "--digests"))
            }
        },
        Options("--wrong-digests", nil, "and they are wrong") { c, _ in
            c.digestsAreWrong = true
        },
        Options("--content-type", "T", "of all media") { $0.mediaContentType = $1 },
    ]

    private static let pace = [
        Options("--rate", "[FAMILY=]N/s", "or N/m; several; without FAMILY all") { c, text in
            try Value.setRate(text, of: &c)
        },
        Options("--rate-window", "W", Value.list(RateLimit.Window.self)) { c, text in
            let window: RateLimit.Window = try Value.word(text, "--rate-window")
            c.rates = c.rates.mapValues {
                RateLimit(requests: $0.requests, per: $0.seconds, window: window)
            }
        },
        Options("--reset", "UNIT", "X-RateLimit-Reset in " + Value.list(ResetUnit.self)) {
            configuration, text in
            configuration.resetUnit = try Value.word(text, "--reset")
        },
        Options("--clock-offset", "S", "seconds the server's clock is ahead") { c, text in
            guard let seconds = Double(text) else {
                throw SimulatorError.invalid("--clock-offset: '\(text)'")
            }
            c.clockOffset = Int64(seconds * 1000)
        },
        Options("--latency", "S", "seconds before each answer") { configuration, text in
            configuration.latency = try Value.number(text, "--latency")
        },
        Options("--throttle", "BYTES", "of body per second and connection") { c, text in
            c.throttle = Int64(try Value.number(text, "--throttle"))
        },
        Options("--requests-per-connection", "N", "then it is closed") { c, text in
            let number = try Value.number(text, "--requests-per-connection")
            c.requestsPerConnection = max(1, Int(number))
        },
    ]

    private static let kinds = Value.list(AudioKind.self)
}
