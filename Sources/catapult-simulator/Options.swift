internal import CatapultSimulator

/// The program's options: one table, from which `--help` is made too.
struct Options {
    // Closures don't infer typed throws; they throw SimulatorError only.
    typealias Setter = @Sendable (inout Configuration, String) throws -> Void

    let name: String
    /// What the value is called in `--help`; nil: the option takes none.
    let value: String?
    let summary: String
    let set: Setter

    init(_ name: String, _ value: String? = nil, _ summary: String, set: @escaping Setter) {
        self.name = name
        self.value = value
        self.summary = summary
        self.set = set
    }

    /// Both `--option value` and `--option=value`.
    static func apply(
        _ arguments: [String], to configuration: inout Configuration
    ) throws(SimulatorError) {
        var rest = arguments[...]
        var late: [(option: Options, value: String)] = []
        while let argument = rest.popFirst() {
            let mark = argument.firstIndex(of: "=")
            let name = String(argument[..<(mark ?? argument.endIndex)])
            guard let option = table.first(where: { $0.name == name }) else {
                throw .invalid("unknown option '\(name)'; see --help")
            }
            var value = mark.map { String(argument[argument.index(after: $0)...]) }
            if option.value == nil {
                if value != nil { throw .invalid("\(name) takes no value") }
            } else if value == nil {
                value = rest.popFirst()
                if value == nil { throw .invalid("\(name) needs a value") }
            }
            if name == "--rate-window" {
                // It is about the rates, wherever they stand.
                late.append((option, value ?? ""))
            } else {
                try option.apply(value ?? "", to: &configuration)
            }
        }
        for (option, value) in late { try option.apply(value, to: &configuration) }
    }

    private func apply(
        _ value: String, to configuration: inout Configuration
    ) throws(SimulatorError) {
        do {
            try set(&configuration, value)
        } catch let error as SimulatorError {
            throw error
        } catch {
            throw .invalid("\(name): \(error)")
        }
    }

    static var help: String {
        var text = """
            catapult-simulator [OPTIONS]

            The call-recording provider "Catapult v1", simulated on loopback. Prints its base URL on
            the first line of standard output and serves until SIGTERM or SIGINT.
            Credentials: CATAPULT_SIMULATOR_TOKEN and CATAPULT_SIMULATOR_SECRET, else t-simulated and
            s-simulated.

            Options:

            """
        for option in table {
            let head = "  " + option.name + (option.value.map { " " + $0 } ?? "")
            let gap = String(repeating: " ", count: max(2, 28 - head.count))
            text += head + gap + option.summary + "\n"
        }
        text += "\nAudio kinds: \(Value.list(AudioKind.self))\n" + faultHelp
        for name in FaultName.allCases {
            let head = "  " + name.rawValue
            text += head + String(repeating: " ", count: max(2, 29 - head.count))
            text += name.summary + "\n"
        }
        return text + controlHelp
    }

    private static let faultHelp = """

        Faults: --fault 'FAMILY[:SUBJECT]:NAME[@ARGUMENT][:SELECTOR...]', as often as wanted, e.g.
          media:r-000003:cut@0.6:first=1     recordings:2:status=503:retry-after=1:first=3
          FAMILY     recordings, media, calls, transcriptions, other, any; connection
          SUBJECT    recording id, media name, call id, page number (from 0); PREFIX*; default all
          ARGUMENT   PLACE: 0.6 or 60% is a part of the body, 1000 is a byte; N: a number; URL
          SELECTOR   first=K  nth=K  from=K  every=K  chance=P   which of the requests, from 1
                     each     count the requests of each subject by itself
          Only requests that are admitted (rate, credentials) are counted. Of several faults the
          first that applies is taken.

        NAME:

        """

    private static let controlHelp = """

        Control, on the same port, JSON in and out, no credentials:
          POST   /_control/faults                   "FAULT" or ["FAULT", ...]: adds rules
          DELETE /_control/faults                   no rules any more
          POST   /_control/recordings               one or an array of {"id", "state", "kind",
                 "size", "version", "startTime" (ms), "mediaName", "callID", "oldSpelling",
                 "members": {...}, "omit": [...], "raw", "head"}: changes or adds
          POST   /_control/recordings/remove        "ID" or ["ID", ...]
          POST   /_control/recordings/change-media  the same: other bytes, another ETag
          POST   /_control/recordings/remove-media  the same: the row stays, its media is 404
          POST   /_control/credentials/revoke       .../restore
          POST   /_control/rates                    {"media": {"requests": 20, "seconds": 1,
                 "window": "fixed" or "sliding"}, "recordings": null}
          GET    /_control/log                      DELETE forgets log and counts
          GET    /_control/stats                    requests, bytes and whole bodies per media,
                 requests, refusals and statuses per family

        """
}
