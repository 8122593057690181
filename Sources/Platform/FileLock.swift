import Glibc

/// An exclusive `flock`, held as long as this value lives; freed by the kernel if we die.
package struct FileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Tries once; nil when another process holds it.
    package static func acquire(_ descriptor: consuming Descriptor) -> FileLock? {
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            if errno != EINTR { return nil }
        }
        return FileLock(descriptor: descriptor)
    }

    private init(descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Replaces the lock file's text, which tells others who holds it.
    package borrowing func note(_ text: String) {
        ftruncate(descriptor.number, 0)
        let bytes = Array(text.utf8)
        // A lock without a readable note still locks.
        _ = unsafe pwrite(descriptor.number, bytes, bytes.count, 0)
    }
}
