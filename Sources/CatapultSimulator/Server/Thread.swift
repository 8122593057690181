internal import Glibc

/// A POSIX thread that runs one closure, with SIGPIPE blocked.
struct Thread: Sendable {
    private let handle: pthread_t

    init(_ work: @escaping @Sendable () -> Void) throws(SimulatorError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, 1 << 20)
        defer { unsafe pthread_attr_destroy(&attributes) }
        var handle = pthread_t()
        // Released by the thread itself when it begins.
        let context = unsafe Unmanaged.passRetained(ThreadWork(work))
        let code = unsafe pthread_create(&handle, &attributes, runThread, context.toOpaque())
        if code != 0 {
            unsafe context.release()
            throw .system(call: "pthread_create", code: code)
        }
        self.handle = handle
    }

    func join() {
        pthread_join(handle, nil)
    }

    func detach() {
        pthread_detach(handle)
    }
}

private final class ThreadWork: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // OpenSSL writes without MSG_NOSIGNAL; a client that is gone must not end the process.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    if let context = unsafe context {
        unsafe Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().work()
    }
    return nil
}
