import Glibc
import Platform

/// The names in a folder, one after the other, `.` and `..` left out.
///
/// Confined to one thread.
@safe
final class FolderNames {
    // Owned: closed in deinit.
    private let stream: OpaquePointer
    private let number: Int32

    init(_ folder: consuming Descriptor, naming path: String) throws(SystemCallError) {
        // fdopendir takes its descriptor over, which `folder` closes.
        let own = fcntl(folder.number, F_DUPFD_CLOEXEC, 0)
        guard own >= 0, let opened = unsafe fdopendir(own) else {
            let code = errno
            if own >= 0 { close(own) }
            throw SystemCallError(call: "list", path: path, errno: code)
        }
        unsafe stream = opened
        number = own
    }

    deinit {
        unsafe closedir(stream)
    }

    /// nil at the end.
    func next() -> (name: String, kind: FileStatus.Kind)? {
        while let entry = unsafe readdir(stream) {
            let type = unsafe Int32(entry.pointee.d_type)
            // A name ends in NUL within its 256 bytes.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { return (name, kind(type, name)) }
        }
        return nil
    }

    private func kind(_ type: Int32, _ name: String) -> FileStatus.Kind {
        switch type {
        case Int32(DT_REG): return .file
        case Int32(DT_DIR): return .folder
        case Int32(DT_LNK): return .link
        case Int32(DT_UNKNOWN): break
        default: return .other
        }
        // Some file systems don't say.
        var status = stat()
        guard unsafe fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return .other
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }
}
