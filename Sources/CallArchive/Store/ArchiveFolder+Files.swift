import Glibc
package import Platform

extension ArchiveFolder {
    /// Opens a file below the archive for reading, no link followed on the way; nil when it is
    /// missing or no plain file.
    func openFile(_ file: String) throws(SystemCallError) -> Descriptor? {
        var parts = file.split(separator: "/").map(String.init)
        guard let name = parts.popLast() else { return nil }
        do throws(SystemCallError) {
            var folder = Descriptor(owning: dup(root.number))
            for part in parts {
                folder = try kernel.open(
                    at: folder.number, part, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                    naming: "\(path)/\(file)")
            }
            let opened = try kernel.open(
                at: folder.number, name,
                flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, naming: "\(path)/\(file)")
            let status = try kernel.status(of: opened.number, naming: "\(path)/\(file)")
            if status.kind != .file { return nil }
            return opened
        } catch {
            switch error.errno {
            case ENOENT, ENOTDIR, ELOOP: return nil
            default: throw error
            }
        }
    }

    /// Size and SHA-256 of a file below the archive; nil when it is missing or no plain file.
    package func content(
        ofFile file: String
    ) throws(SystemCallError) -> (bytes: Int64, sha256: [UInt8])? {
        guard let opened = try openFile(file) else { return nil }
        let digester = Digester()
        let bytes = try opened.hash(into: digester, kernel, naming: "\(path)/\(file)")
        guard let digest = digester.finish() else { return nil }
        return (bytes, digest)
    }

    /// Names in the folder of partials, in no order.
    package func partialNames() throws(SystemCallError) -> [String] {
        try names(in: partial.number, naming: partPath(""))
    }

    /// Names in an open folder, `.` and `..` left out.
    func names(in folder: Int32, naming path: String) throws(SystemCallError) -> [String] {
        // A descriptor of its own: fdopendir takes it over, and its position is shared by dup.
        let own = ownDescriptor(folder)
        guard own >= 0, let stream = unsafe fdopendir(own) else {
            let code = errno
            if own >= 0 { close(own) }
            throw SystemCallError(call: "list", path: path, errno: code)
        }
        defer { unsafe closedir(stream) }
        var result: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { result.append(name) }
        }
        return result
    }

    private func ownDescriptor(_ folder: Int32) -> Int32 {
        do throws(SystemCallError) {
            let opened = try kernel.open(
                at: folder, ".", flags: O_RDONLY | O_DIRECTORY, naming: ".")
            return dup(opened.number)
        } catch {
            return -1
        }
    }
}
