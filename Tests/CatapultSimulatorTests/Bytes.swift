import CatapultSimulator
import Testing

/// Bytes whose comparison, when it fails, doesn't print them all.
struct Bytes: Equatable, CustomTestStringConvertible, CustomStringConvertible {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var description: String { "\(bytes.count) bytes" }
    var testDescription: String { description }
}

extension RawResponse {
    var bytes: Bytes { Bytes(body) }
}

extension Simulator {
    func bytes(_ id: String) -> Bytes? {
        expectedBytes(id).map { Bytes($0) }
    }
}
