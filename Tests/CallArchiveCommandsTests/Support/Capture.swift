import CallArchiveCommands
import Platform
import Synchronization

/// Collects what a console writes.
final class Capture: Sendable {
    private let bytes = Locked<[UInt8]>([])
    private let answer = Locked(WriteResult.written)

    var sink: ByteSink {
        { [self] new in
            let answer = answer.withLock { $0 }
            if answer == .written { bytes.withLock { $0 += new } }
            return answer
        }
    }

    /// From now on writing ends like this.
    func refuse(with result: WriteResult) {
        answer.withLock { $0 = result }
    }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// A fixed moment: 2026-01-02T03:04:05.678Z.
let someMoment = Timestamp(milliseconds: 1_767_323_045_678)
