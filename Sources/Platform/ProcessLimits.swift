import CLinux
import Glibc

/// Gives each thread a stack of 1 MiB, not the 8 that are usual; before the first thread.
///
/// Where address space is limited (`ulimit -v`) stacks are most of what is asked for, and
/// libdispatch, refused a thread, asks again each second for ever. A sync with 16 downloads at
/// once hung under 96 MiB with 8 MiB a thread, and ends well under 64 MiB with 1.
package func boundStacks() {
    let wanted = 1 << 20
    var attributes = pthread_attr_t()
    // The structure outlives each call; a refusal leaves the stacks as they were.
    guard unsafe pthread_getattr_default_np(&attributes) == 0 else { return }
    defer { unsafe pthread_attr_destroy(&attributes) }
    var size = 0
    guard unsafe pthread_attr_getstacksize(&attributes, &size) == 0, size > wanted,
        unsafe pthread_attr_setstacksize(&attributes, wanted) == 0
    else { return }
    unsafe pthread_setattr_default_np(&attributes)
}

/// Raises the soft limit of open files to `wanted`, or as far as the hard one allows; gives what
/// the limit then is.
package func allowOpenFiles(_ wanted: Int) -> Int {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    // The structure outlives each call.
    guard unsafe getrlimit(kind, &limit) == 0 else { return .max }
    if limit.rlim_cur < rlim_t(wanted) {
        var raised = limit
        raised.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
        if unsafe setrlimit(kind, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
}
