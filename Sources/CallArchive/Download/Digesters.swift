import Platform
import Synchronization

/// Hashes that one download after another uses, as many as there were downloads at once that had
/// begun: making and freeing one takes OpenSSL and Swift five allocations.
///
/// From any thread.
final class Digesters: Sendable {
    private let idle = Locked<[Digester]>([])

    /// One to be given back, which may have bytes of its last use.
    func take() -> Digester {
        idle.withLock { $0.popLast() } ?? Digester()
    }

    func giveBack(_ digester: Digester) {
        idle.withLock { $0.append(digester) }
    }
}
