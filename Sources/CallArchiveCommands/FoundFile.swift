import Glibc

/// A small file's bytes with what its descriptor says of it.
package struct FoundFile: Sendable {
    package var bytes: [UInt8]
    package var isRegular: Bool
    /// Permission bits alone.
    package var mode: UInt32
    package var owner: UInt32

    package init(bytes: [UInt8], isRegular: Bool = true, mode: UInt32, owner: UInt32) {
        self.bytes = bytes
        self.isRegular = isRegular
        self.mode = mode
        self.owner = owner
    }

    /// Configuration and credentials are never larger than this.
    package static let limit = 1 << 20

    /// Reads at most `limit` bytes. A pipe or device is looked at, not read: `bytes` is empty.
    package static let read: @Sendable (String) -> Result<FoundFile, FileTrouble> = { path in
        // The path is lent for the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(FileTrouble(code: errno)) }
        defer { close(descriptor) }
        var facts = stat()
        // The structure outlives the call.
        guard unsafe fstat(descriptor, &facts) == 0 else {
            return .failure(FileTrouble(code: errno))
        }
        if facts.st_mode & S_IFMT == S_IFDIR { return .failure(FileTrouble(code: EISDIR)) }
        var found = FoundFile(
            bytes: [], isRegular: facts.st_mode & S_IFMT == S_IFREG,
            mode: facts.st_mode & 0o7777, owner: facts.st_uid)
        guard found.isRegular else { return .success(found) }
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            // At most the array's own count is written to it.
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .failure(FileTrouble(code: errno)) }
            if count == 0 { return .success(found) }
            found.bytes += chunk[..<count]
            if found.bytes.count > limit { return .failure(FileTrouble(code: EFBIG)) }
        }
    }
}

/// Why a file could not be read or written.
package struct FileTrouble: Error, Equatable {
    /// An errno.
    package let code: Int32

    package init(code: Int32) {
        self.code = code
    }

    package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
    package var isTooLarge: Bool { code == EFBIG }

    /// In words: "it does not exist".
    package var why: String {
        switch code {
        case ENOENT: "it does not exist"
        case ENOTDIR: "a part of its path is not a folder"
        case EACCES, EPERM: "this user is not allowed to"
        case ENOSPC, EDQUOT: "no space is left"
        case EIO: "the device reports an input or output error"
        case EISDIR: "it is a folder"
        case EFBIG: "it is larger than \(FoundFile.limit >> 20) MiB"
        case ELOOP: "its links lead in a circle"
        case ENAMETOOLONG: "its name is too long"
        default: "the system reports error \(code)"
        }
    }
}

/// The effective user id of this process.
package func currentUser() -> UInt32 { geteuid() }
