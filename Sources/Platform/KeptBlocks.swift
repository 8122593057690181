import CLinux
import Glibc
import Synchronization

/// Blocks of one size that nobody uses at the moment; for all threads.
package final class KeptBlocks: Sendable {
    private struct State {
        // Owned: each is handed out again, or freed.
        var addresses = InlineArray<64, UInt>(repeating: 0)
        var count = 0
    }

    /// The caches that glibc has for each thread have blocks up to here.
    package static let least = 1032

    package let size: Int
    private let state = Locked(State())

    package init(of size: Int) {
        self.size = size
    }

    /// A block of `size` bytes; nil when there is no memory.
    package func take() -> UnsafeMutableRawPointer? {
        let known = state.withLock { state -> UInt? in
            guard state.count > 0 else { return nil }
            state.count -= 1
            return state.addresses[state.count]
        }
        if let known { return unsafe UnsafeMutableRawPointer(bitPattern: known) }
        return unsafe malloc(size)
    }

    /// Takes a block of glibc's that has so many bytes; false when it isn't one of these, or when
    /// there are enough.
    package func keep(_ block: UnsafeMutableRawPointer, _ room: Int) -> Bool {
        // glibc gives a little more than was asked for.
        guard room >= size, room < size + 64 else { return false }
        let address = UInt(bitPattern: block)
        return state.withLock { state in
            guard state.count < state.addresses.count else { return false }
            state.addresses[state.count] = address
            state.count += 1
            return true
        }
    }

    /// How many bytes glibc gave for a block of its own.
    package static func room(of block: UnsafeMutableRawPointer) -> Int {
        unsafe malloc_usable_size(block)
    }
}
