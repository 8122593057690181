import Glibc
package import Platform

extension SystemCallError {
    /// As what stops a command; the hint follows from the errno.
    package func stopping(_ what: String) -> ArchiveError {
        // Links are not followed below an archive, which the C library calls too many of them.
        let reason = errno == ELOOP ? "it is a symbolic link" : reason
        return ArchiveError(.storage, what, why: "\(self.what): \(reason)", hint: hint)
    }

    private var hint: String {
        switch errno {
        case ENOSPC: "make room on that file system and run again; nothing archived is lost"
        case EDQUOT: "raise the quota or make room and run again; nothing archived is lost"
        case EACCES, EPERM: "check the owner and permissions of '\(path)'"
        case EROFS: "the file system is mounted read-only; mount it for writing"
        case ENOTDIR:
            "a file or a symbolic link stands where a folder is needed; move it away, or give another "
                + "folder as ARCHIVE"
        case EISDIR: "a folder stands where the archive expects its own file; move it away"
        case ELOOP:
            "a symbolic link stands where the archive expects a file or folder of its own; move its "
                + "target there (mount --bind keeps a folder on another disk)"
        case EIO: "the disk or network file system failed; check it before the next run"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case ENAMETOOLONG: "give a shorter path as ARCHIVE"
        default: "mend this and run again; nothing archived is lost"
        }
    }
}
