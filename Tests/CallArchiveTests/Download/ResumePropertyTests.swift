import CallArchive
import Glibc
import Testing
import Transfer

/// A server object with versions, and a server that lies in every way it can about them.
private struct LyingServer {
    struct Version {
        var bytes: [UInt8]
        var number: Int
    }

    struct Answer {
        var head: ResponseHead
        var body: [UInt8]
    }

    enum Validator: CaseIterable {
        case strong, weak, date, none
    }

    var versions: [Version]
    var current: Version
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        current = Version(bytes: [], number: 0)
        versions = []
        change()
    }

    mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < share
    }

    /// Other bytes, often of the same length.
    mutating func change() {
        let keepsLength = !versions.isEmpty && chance(0.7)
        let length =
            keepsLength ? current.bytes.count : Int.random(in: 1...220_000, using: &random)
        var bytes = [UInt8](repeating: 0, count: length)
        var next = SeededRandom(seed: random.next())
        for index in stride(from: 0, to: length, by: 499) {
            bytes[index] = UInt8.random(in: 0...255, using: &next)
        }
        current = Version(bytes: bytes, number: versions.count + 1)
        versions.append(current)
    }

    mutating func answer(_ plan: ResumePlan, _ validator: Validator) -> Answer {
        let total = current.bytes.count
        let etag = "\"v\(current.number)\""
        let date = "date \(current.number)"
        var from: Int?
        if case .range(let start, let ifRange) = plan, chance(0.85) {
            let heeds = chance(0.7)
            let agrees = ifRange == nil || ifRange == etag || ifRange == date
            if (agrees || !heeds) && start < total { from = Int(start) }
            if start >= total && chance(0.5) {
                return Answer(head: ResponseHead(status: 416), body: [])
            }
        }
        var head = ResponseHead(status: from == nil ? 200 : 206)
        switch validator {
        case .strong: head.append(name: "ETag", value: etag)
        case .weak: head.append(name: "ETag", value: "W/" + etag)
        case .date: head.append(name: "Last-Modified", value: date)
        case .none: break
        }
        var body = Array(current.bytes[(from ?? 0)...])
        if let from {
            var start = from
            if chance(0.1) {
                // What it says is where its bytes begin, though not where it was asked.
                start = min(total - 1, from + Int.random(in: 1...9, using: &random))
                body = Array(current.bytes[start...])
            }
            let stated = chance(0.1) ? total + Int.random(in: 1...99, using: &random) : total
            let text = chance(0.05) ? "*" : String(stated)
            if chance(0.95) {
                head.append(name: "Content-Range", value: "bytes \(start)-\(total - 1)/\(text)")
            }
        }
        if chance(0.8) { head.append(name: "Content-Length", value: String(body.count)) }
        return Answer(head: head, body: body)
    }
}

/// The resume machinery without sockets: never one file of two objects.
struct ResumePropertyTests {
    private struct Part {
        var bytes: [UInt8] = []
        var partial: Partial?
        /// So many of the bytes came from the server, or were compared with its own.
        var trusted = 0
        /// The bytes at the last checkpoint, in place of their hash.
        var checkpoint: [UInt8]?

        mutating func drop() {
            self = Part()
        }

        /// The bytes as they are now, when the server vouches for all of them.
        mutating func noteCheckpoint() {
            if trusted >= bytes.count { checkpoint = bytes }
        }

        /// A run is killed; what it left may be cut, torn, edited or made longer meanwhile.
        mutating func outlive(_ server: inout LyingServer) {
            if !bytes.isEmpty, server.chance(0.5) {
                let place = Int.random(in: 0..<bytes.count, using: &server.random)
                switch Int.random(in: 0...2, using: &server.random) {
                case 0: bytes[place] ^= 0xFF
                case 1: bytes.removeLast(bytes.count - place)
                default: bytes += [UInt8](repeating: 0, count: place / 2 + 1)
                }
            }
            trusted = 0
            if let checkpoint, checkpoint.count <= bytes.count,
                ResumePropertyTests.agree(bytes, from: 0, checkpoint, checkpoint.count)
            {
                trusted = checkpoint.count
            }
        }
    }

    /// One attempt as the download makes it; true when the bytes are all there.
    private func attempt(
        _ part: inout Part, _ server: inout LyingServer, _ validator: LyingServer.Validator
    ) -> Bool {
        let plan = ResumePlan(
            size: Int64(part.bytes.count), partial: part.partial, trusted: Int64(part.trusted))
        let answer = server.answer(plan, validator)
        var body = answer.body
        let isCut = server.chance(0.6)
        if isCut {
            body = Array(body.prefix(Int.random(in: 0...body.count, using: &server.random)))
        }
        var position: Int
        switch HeadVerdict(plan: plan, partial: part.partial, head: answer.head) {
        case .whole(let total):
            part.drop()
            part.partial = Partial(
                etag: answer.head.first("etag"), lastModified: answer.head.first("last-modified"),
                total: total)
            position = 0
        case .rest(let from, let total):
            position = Int(from)
            part.partial?.total = total
        default:
            part.drop()
            return false
        }
        if let total = part.partial?.total, position + body.count > Int(total) {
            part.drop()
            return false
        }
        let overlap = min(part.bytes.count - position, body.count)
        guard Self.agree(part.bytes, from: position, body, overlap) else {
            part.drop()
            return false
        }
        part.bytes += body[max(0, overlap)...]
        position += body.count
        part.trusted = max(part.trusted, position)
        if server.chance(0.7) { part.noteCheckpoint() }
        if isCut && body.count < answer.body.count { return false }
        // Not all of what was asked for again has come.
        if position < part.bytes.count { return false }
        return part.partial?.total.map { part.bytes.count >= Int($0) } ?? true
    }

    /// The C library's comparison: a debug build's own takes minutes over these.
    fileprivate static func agree(
        _ left: [UInt8], from: Int, _ right: [UInt8], _ count: Int
    ) -> Bool {
        guard count > 0 else { return true }
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let one = left.baseAddress, let other = right.baseAddress else {
                    return false
                }
                return memcmp(one + from, other, count) == 0
            }
        }
    }

    @Test(arguments: [false, true])
    func `bytes of two objects are never glued together`(isKilled: Bool) {
        var wholes = 0
        var resumed = 0
        for seed in UInt64(1)...4000 {
            var server = LyingServer(seed: seed)
            // Validators are the server's habit; now and then it drops one.
            let habit = LyingServer.Validator.allCases.randomElement(using: &server.random)
            var part = Part()
            for _ in 0..<30 {
                if server.chance(0.25) { server.change() }
                if isKilled, server.chance(0.4) { part.outlive(&server) }
                let validator = server.chance(0.1) ? .none : habit ?? .none
                let before = part.bytes.count
                if attempt(&part, &server, validator) {
                    wholes += 1
                    if before > 0 { resumed += 1 }
                    let isOne = server.versions.contains {
                        $0.bytes.count == part.bytes.count
                            && Self.agree($0.bytes, from: 0, part.bytes, part.bytes.count)
                    }
                    #expect(isOne, "seed \(seed): a mixture of \(part.bytes.count) bytes")
                    break
                }
            }
        }
        // The model would prove nothing if it hardly ever came to an end or never resumed.
        #expect(wholes > 3500)
        #expect(resumed > 500)
    }
}
