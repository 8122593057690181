import Glibc

/// What came back over a socket, and how the connection ended.
struct RawResponse {
    enum End: Equatable {
        /// The framing said so; the connection is still there.
        case framed
        case closed
        case reset
        case timeout
    }

    var raw: [UInt8] = []
    var status = 0
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var end = End.closed

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
        headers.first { $0.name == name.lowercased() }?.value
    }

    func all(_ name: String) -> [String] {
        headers.filter { $0.name == name.lowercased() }.map(\.value)
    }
}

/// A client that knows nothing of HTTP but what these tests need; one connection.
final class RawClient {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    static let credentials = "Basic dC1zaW11bGF0ZWQ6cy1zaW11bGF0ZWQ="

    init(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, length)
            }
        }
        setTimeout(10)
    }

    deinit {
        close(descriptor)
    }

    func setTimeout(_ seconds: Double) {
        var time = timeval(
            tv_sec: Int(seconds), tv_usec: Int((seconds - seconds.rounded(.down)) * 1e6))
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(
        _ method: String = "GET", _ target: String, authorization: String? = credentials,
        headers: [String] = [], body: String = ""
    ) {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if let authorization { text += "Authorization: \(authorization)\r\n" }
        for header in headers { text += header + "\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        let bytes = Array((text + "\r\n" + body).utf8)
        _ = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// One response; interim ones are in `raw` only.
    func receive(head: Bool = false) -> RawResponse {
        var response = RawResponse()
        while true {
            guard let end = headEnd(&response) else {
                response.raw += pending
                return response
            }
            response.raw += pending[..<end]
            parse(Array(pending[..<end]), into: &response)
            pending.removeSubrange(..<end)
            if response.status >= 200 || response.status == 0 { break }
        }
        if head || response.status == 204 || response.status == 304 {
            response.end = .framed
        } else if response.header("transfer-encoding") == "chunked" {
            receiveChunks(&response)
        } else if let length = response.header("content-length").flatMap({ Int($0) }) {
            response.end = .framed
            while pending.count < length, more(&response.end) {}
            response.body = Array(pending.prefix(length))
            pending.removeFirst(response.body.count)
        } else {
            response.end = .framed
            while more(&response.end) {}
            response.body = pending
            pending = []
        }
        return response
    }

    /// What arrives next; empty at the end.
    func some() -> [UInt8] {
        var end = RawResponse.End.framed
        _ = more(&end)
        defer { pending = [] }
        return pending
    }

    /// What else arrives until the connection ends.
    func rest() -> (bytes: [UInt8], end: RawResponse.End) {
        var end = RawResponse.End.framed
        while more(&end) {}
        defer { pending = [] }
        return (pending, end)
    }

    private func receiveChunks(_ response: inout RawResponse) {
        response.end = .framed
        while true {
            var line = pending.firstIndex(of: 0x0A)
            while line == nil, more(&response.end) { line = pending.firstIndex(of: 0x0A) }
            guard let line else { return }
            let digits = String(decoding: pending[..<line].filter { $0 != 0x0D }, as: UTF8.self)
            guard let size = Int(digits, radix: 16) else { return }
            pending.removeSubrange(...line)
            while pending.count < size + 2, more(&response.end) {}
            response.body += pending.prefix(size)
            pending.removeFirst(min(size + 2, pending.count))
            if size == 0 || response.end != .framed { return }
        }
    }

    private func headEnd(_ response: inout RawResponse) -> Int? {
        while true {
            if let index = pending.indices.first(where: {
                $0 >= 3 && pending[$0] == 0x0A && pending[$0 - 2] == 0x0A
            }) {
                return index + 1
            }
            if !more(&response.end) { return nil }
        }
    }

    private func more(_ end: inout RawResponse.End) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 {
            pending += buffer[..<count]
            return true
        }
        end = count == 0 ? .closed : errno == ECONNRESET ? .reset : .timeout
        return false
    }

    private func parse(_ head: [UInt8], into response: inout RawResponse) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        response.status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        response.headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
    }
}
