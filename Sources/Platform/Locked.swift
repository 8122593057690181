#if TSAN
    import Glibc
#else
    import Synchronization
#endif

/// A value that is only reached under its lock.
///
/// A `Synchronization.Mutex` normally. ThreadSanitizer on Linux doesn't see that one's
/// ordering and reports false races, so under `-DTSAN` it is a pthread mutex.
@safe package final class Locked<Value>: Sendable {
    #if TSAN
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
    #else
        private let mutex: Mutex<Value>

        package init(_ value: consuming sending Value) {
            mutex = Mutex(value)
        }

        /// Runs `body` with the value, holding the lock.
        package func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            try mutex.withLock(body)
        }
    #endif
}
