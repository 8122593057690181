import Platform
import Synchronization

/// Large parts are written past the page cache, a piece at a time: it saves the kernel a copy, the
/// cache's own work and the threads that write it to the disk, and leaves the cache to others.
///
/// Holds the buffers, of which there is a bounded number, and whether it goes well here. From any
/// thread.
final class DirectWriting: Sendable {
    /// Bytes of a piece; pieces begin at multiples of it.
    static let piece = 256 << 10
    /// So many parts at once, at most, which is 3 MiB; further ones are written through the cache.
    private static let mostBuffers = 12

    private struct State {
        var rule = DirectWritingRule()
        var idle: [PageBuffer] = []
        var lent = 0
    }

    private let state = Locked(State())

    /// A buffer of a piece's size, to be given back; nil when the cache is to be used.
    func buffer() -> PageBuffer? {
        state.withLock { state in
            guard state.rule.isOn, state.lent < Self.mostBuffers else { return nil }
            state.lent += 1
            return state.idle.popLast() ?? PageBuffer(count: Self.piece)
        }
    }

    func giveBack(_ buffer: PageBuffer) {
        state.withLock { state in
            state.lent -= 1
            state.idle.append(buffer)
        }
    }

    var isOn: Bool { state.withLock { $0.rule.isOn } }

    /// The file system can't do it.
    func refused() {
        state.withLock { $0.rule.refused() }
    }

    /// A piece took so long (ns).
    func wrote(in time: Int64) {
        state.withLock { $0.rule.wrote(in: time) }
    }
}
