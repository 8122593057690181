#if TSAN
    import Glibc

    /// A value that is only reached under its lock.
    ///
    /// ThreadSanitizer on Linux doesn't see the ordering of a `Mutex` and reports false races.
    @safe package final class Locked<Value>: Sendable {
        // Allocated once, freed in deinit, touched under `mutex` only.
        nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        // Reached only between lock and unlock of `mutex`.
        nonisolated(unsafe) private var value: Value

        package init(_ value: sending Value) {
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
        package func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            unsafe pthread_mutex_lock(mutex)
            defer { unsafe pthread_mutex_unlock(mutex) }
            return try unsafe body(&value)
        }
    }
#else
    package import Synchronization

    /// A value that is only reached under its lock.
    package typealias Locked = Mutex
#endif
