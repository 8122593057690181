import Glibc

/// What `stat` says of a file, as far as needed here.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable {
        case file, folder, link, other
    }

    package var kind: Kind
    /// Bytes.
    package var size: Int64
    /// Nanoseconds since the epoch.
    package var modified: Int64
    package var inode: UInt64
    package var permissions: UInt32
    package var owner: UInt32

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        inode = UInt64(status.st_ino)
        permissions = status.st_mode & 0o7777
        owner = status.st_uid
    }
}
