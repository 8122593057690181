internal import Glibc

/// A value that is only reached under its lock.
///
/// A pthread mutex, because ThreadSanitizer on Linux understands that one.
@safe
final class Guarded<Value>: Sendable {
    // Allocated once, freed in deinit.
    nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    // Reached only between lock and unlock of `mutex`.
    nonisolated(unsafe) private var value: Value

    init(_ value: sending Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe self.value = value
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the value, holding the lock.
    func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value)
    }
}
