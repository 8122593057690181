/// What a request is for.
struct Target: Sendable {
    enum Place: Sendable {
        case recordings
        case recording(String)
        case mediaList
        case media(String)
        case calls
        case call(String)
        case transcriptions(String)
        case transcription(String, String)
        case control([String])
        case unknown
    }

    let place: Place
    /// The user id in the path, when there is one.
    let user: String?

    init(_ request: Request) {
        let words = request.segments
        if words.first == "_control" {
            place = .control(Array(words.dropFirst()))
            user = nil
            return
        }
        guard words.count >= 4, words[0] == "v1", words[1] == "users" else {
            place = .unknown
            user = nil
            return
        }
        user = words[2]
        let rest = Array(words[3...])
        switch (rest[0], rest.count) {
        case ("recordings", 1): place = .recordings
        case ("recordings", 2): place = .recording(rest[1])
        case ("recordings", 3) where rest[2] == "transcriptions": place = .transcriptions(rest[1])
        case ("recordings", 4) where rest[2] == "transcriptions":
            place = .transcription(rest[1], rest[3])
        case ("media", 1): place = .mediaList
        case ("media", _): place = .media(rest[1...].joined(separator: "/"))
        case ("calls", 1): place = .calls
        case ("calls", 2): place = .call(rest[1])
        default: place = .unknown
        }
    }

    var family: EndpointFamily {
        switch place {
        case .recordings, .recording: .recordings
        case .mediaList, .media: .media
        case .calls, .call: .calls
        case .transcriptions, .transcription: .transcriptions
        case .control: .control
        case .unknown: .other
        }
    }

    var name: String? {
        switch place {
        case .recording(let name), .media(let name), .call(let name), .transcriptions(let name),
            .transcription(let name, _):
            name
        default: nil
        }
    }

    var isListing: Bool {
        switch place {
        case .recordings, .mediaList, .calls: true
        default: false
        }
    }
}
