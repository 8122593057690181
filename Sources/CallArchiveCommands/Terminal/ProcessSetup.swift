import Glibc

/// Makes the three standard streams safe to use.
///
/// A closed one is opened on /dev/null, since the next file opened would get its number and our
/// messages with it. SIGPIPE is ignored: a reader that left is no reason to stop.
package func prepareStandardStreams() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
        // The path is lent for the call.
        _ = unsafe open("/dev/null", O_RDWR)
    }
    signal(SIGPIPE, SIG_IGN)
    // Inherited as ignored it would let children vanish before we ask how they ended.
    signal(SIGCHLD, SIG_DFL)
}

/// The credentials are in memory, and a core file would keep them.
package func forbidCoreFiles() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    // The structure outlives the call.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
}
