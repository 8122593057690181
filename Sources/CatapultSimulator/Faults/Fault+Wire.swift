extension Fault {
    /// What this fault does to a response on its way out.
    func change(_ plan: inout WirePlan, of response: inout Response) {
        let count = response.body.count
        switch name {
        case .closeBeforeHeaders: plan.endsBeforeHeaders = .close
        case .reset: plan.endsBeforeHeaders = .reset
        case .resetInHeaders: plan.resetsInHeaders = true
        case .resetInBody: plan.cut = (place.offset(in: count), .reset)
        case .cut: plan.cut = (place.offset(in: count), .close)
        case .halfClose: plan.cut = (place.offset(in: count), .halfClose)
        case .cutUnframed:
            response.framing = .close
            plan.cut = (place.offset(in: count), .close)
        case .cutChunked:
            response.framing = .chunked
            plan.cut = (place.offset(in: count), .close)
        case .chunked: response.framing = .chunked
        case .unframed: response.framing = .close
        case .longer:
            plan.surplus = Int(number ?? 100)
            plan.closes = true
        case .stallBeforeHeaders: plan.stallBeforeHeaders = number ?? 3600
        case .slow: plan.stallBeforeHeaders = number ?? 1
        case .stall: plan.stall = (place.offset(in: count), seconds)
        case .drip: plan.bytesPerSecond = Int64(number ?? 1)
        case .interim:
            let lines = [
                "HTTP/1.1 100 Continue", "", "HTTP/1.1 102 Processing", "X-Interim: yes", "",
                "HTTP/1.1 103 Early Hints", "Link: </style.css>; rel=\"preload\"",
                "Content-Length: 7", "ETag: \"interim\"", "", "",
            ]
            plan.interim = Array(lines.joined(separator: "\r\n").utf8)
        case .garbageHeaders:
            plan.rawHead =
                Array("HTTP/1.1 200 OK\r\n".utf8) + [0, 0xFF, 0xFE, 0x80, 0x0D, 0x0A]
                + Array("no colon here\r\n: no name\r\nContent-Length: many\r\n\r\n".utf8)
            plan.closes = true
        case .oversizedHeaders:
            let line = String(repeating: "x", count: 8000)
            for index in 0...(Int(number ?? 400_000) / 8000) {
                response.headers.append(("X-Filler-\(index)", line))
            }
        default: break
        }
    }
}
