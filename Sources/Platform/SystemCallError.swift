import Glibc

/// A system call that failed, with the path it was about.
package struct SystemCallError: Error, Sendable, Equatable {
    /// What was being done, as a verb: "open", "write", "rename".
    package var call: String
    /// The object; shown in quotes.
    package var path: String
    package var errno: Int32

    package init(call: String, path: String, errno: Int32) {
        self.call = call
        self.path = path
        self.errno = errno
    }

    /// The C library's sentence for the error, as "No space left on device".
    package var reason: String {
        guard let text = unsafe strerror(errno) else { return "error \(errno)" }
        return unsafe String(cString: text)
    }

    /// As "cannot write '/srv/calls/x.part'".
    package var what: String { "cannot \(call) '\(path)'" }

    /// The file system has no room for us: full, over quota, or a size limit.
    package var isOutOfSpace: Bool {
        errno == ENOSPC || errno == EDQUOT || errno == EFBIG
    }
}
