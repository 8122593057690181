import Glibc
import Synchronization

/// A bounded number of blocks of one size, each used by one after another; for all threads.
///
/// Memory is only used for as many as were in use at once. The last one given back is the next one
/// taken, so that it may still be in a core's cache.
package final class KeptBlocks: Sendable {
    private static let count = 64

    private struct State {
        /// Places of those that were given back, the last one last.
        var idle = InlineArray<64, UInt8>(repeating: 0)
        var count = 0
        /// From here on none was ever taken.
        var fresh = 0
    }

    package let size: Int
    private let stride: Int
    // Owned for as long as the process lives: libcurl gives its last blocks back at any time.
    private let start: UInt
    private let state = Locked(State())

    /// Without the addresses for them there are none.
    package init(of size: Int) {
        self.size = size
        // Each begins at a line of the cores' caches.
        stride = (size + 63) & ~63
        let region = unsafe mmap(
            nil, stride * Self.count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        start = unsafe region == MAP_FAILED ? 0 : UInt(bitPattern: region)
    }

    /// A block, as its last user left it; nil when all are in use.
    package func take() -> UnsafeMutableRawPointer? {
        guard start > 0 else { return nil }
        let place = state.withLock { state -> Int? in
            if state.count > 0 {
                state.count -= 1
                return Int(state.idle[state.count])
            }
            guard state.fresh < Self.count else { return nil }
            state.fresh += 1
            return state.fresh - 1
        }
        guard let place else { return nil }
        return unsafe UnsafeMutableRawPointer(bitPattern: start + UInt(place * stride))
    }

    /// How many were in use at once, at most.
    package var most: Int { state.withLock { $0.fresh } }

    /// Where they all lie.
    package var addresses: Range<UInt> { start..<start + UInt(stride * Self.count) }

    package func owns(_ block: UnsafeMutableRawPointer) -> Bool {
        UInt(bitPattern: block) &- start < UInt(stride * Self.count)
    }

    /// Of a block that it owns, and that nobody uses any more.
    package func giveBack(_ block: UnsafeMutableRawPointer) {
        let place = (UInt(bitPattern: block) - start) / UInt(stride)
        state.withLock { state in
            state.idle[state.count] = UInt8(place)
            state.count += 1
        }
    }
}
