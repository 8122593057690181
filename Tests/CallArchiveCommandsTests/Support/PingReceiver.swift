import Dispatch
import Glibc
import Platform
import Synchronization

/// A server on loopback that writes down what it is sent, one connection at a time.
final class PingReceiver: Sendable {
    struct Ping: Sendable, Equatable {
        /// As `POST /uuid/start?create=1`.
        var line: String
        var headers: String
        var body: String
    }

    enum Answer: Sendable {
        case status(Int)
        /// Says nothing until the other side has gone.
        case silence
    }

    private struct State {
        var pings: [Ping] = []
        var answers: [Answer]
    }

    /// Also the serving queue's, which may outlive the receiver for a moment.
    private final class Talk: Sendable {
        let state: Locked<State>

        init(_ answers: [Answer]) {
            state = Locked(State(answers: answers))
        }
    }

    let port: UInt16
    private let listener: Int32
    private let talk: Talk
    private let queue = DispatchQueue(label: "ping-receiver")

    /// The answers are given in this order, the last one for ever; 200 for none.
    init(_ answers: Answer...) throws {
        talk = Talk(answers)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw SystemCallError(call: "bind", path: "", errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
        let talk = talk
        queue.async {
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                Self.serve(connection, talk)
                close(connection)
            }
            // Here, or another listener could have got the number meanwhile.
            close(descriptor)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    var base: String { "http://127.0.0.1:\(port)" }
    var pings: [Ping] { talk.state.withLock { $0.pings } }
    var lines: [String] { pings.map(\.line) }

    private static func serve(_ connection: Int32, _ talk: Talk) {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(connection, &chunk, chunk.count)
            guard count > 0 else { return }
            received += chunk[..<count]
            guard let ping = parse(String(decoding: received, as: UTF8.self)) else { continue }
            let answer = talk.state.withLock { state in
                state.pings.append(ping)
                guard state.answers.count > 1 else { return state.answers.first ?? .status(200) }
                return state.answers.removeFirst()
            }
            switch answer {
            case .silence: while read(connection, &chunk, chunk.count) > 0 {}
            case .status(let status):
                let text =
                    "HTTP/1.1 \(status) X\r\nContent-Length: 2\r\nLocation: /else\r\n"
                    + "Connection: close\r\n\r\nOK"
                _ = write(connection, text, text.utf8.count)
            }
            return
        }
    }

    private static func parse(_ text: String) -> Ping? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound]
        let body = text[end.upperBound...]
        let length = head.split(separator: "\r\n").compactMap { line in
            line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
        }
        guard body.utf8.count >= length.first ?? 0 else { return nil }
        let words = head.split(separator: "\r\n")[0].split(separator: " ")
        return Ping(
            line: words.prefix(2).joined(separator: " "), headers: String(head),
            body: String(body))
    }
}
