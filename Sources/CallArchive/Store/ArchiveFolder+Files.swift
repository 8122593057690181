import Glibc
package import Platform

extension ArchiveFolder {
    /// Opens a file below the archive for reading, no link followed on the way; nil when it is
    /// missing or no plain file.
    func openFile(_ file: String) throws(SystemCallError) -> Descriptor? {
        let (folder, name) = Placement.split(file)
        guard let above = try openFolder(folder) else { return nil }
        do throws(SystemCallError) {
            let opened = try kernel.open(
                at: above.number, name, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
                naming: "\(path)/\(file)")
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

    /// Size and SHA-256 of a file below the archive; nil when it is missing or no plain file, or
    /// when the reading was cancelled.
    package func content(
        ofFile file: String, isCancelled: () -> Bool = { false }
    ) throws(SystemCallError) -> (bytes: Int64, sha256: [UInt8])? {
        guard let opened = try openFile(file) else { return nil }
        let digester = Digester()
        let end = try opened.hash(
            into: digester, kernel, naming: "\(path)/\(file)", isCancelled: isCancelled)
        guard let bytes = end, let digest = digester.finish() else { return nil }
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

extension ArchiveFolder {
    package static let damagedName = "damaged"

    /// Moves a file below the archive to `.callarchive/damaged/`, under a name that is free.
    ///
    /// Returns the new path below the archive.
    @discardableResult
    package func moveToDamaged(_ file: String) throws(SystemCallError) -> String {
        let controlPath = "\(path)/\(Self.controlName)"
        let damaged = try Self.folder(
            Self.damagedName, below: control.number, of: controlPath, kernel)
        let (folder, name) = Placement.split(file)
        guard let source = try openFolder(folder) else {
            throw SystemCallError(call: "open", path: "\(path)/\(folder)", errno: ENOENT)
        }
        var number = 0
        while true {
            let target = number == 0 ? name : "\(name).\(number)"
            do throws(SystemCallError) {
                try kernel.rename(
                    from: source.number, name, to: damaged.number, target, replacing: false,
                    naming: "\(path)/\(file)")
                return "\(Self.controlName)/\(Self.damagedName)/\(target)"
            } catch {
                guard error.errno == EEXIST, number < 10_000 else { throw error }
                number += 1
            }
        }
    }

    /// Opens a folder below the archive, no link followed; nil when it isn't there, or something
    /// else stands in its place.
    func openFolder(_ folder: String) throws(SystemCallError) -> Descriptor? {
        do throws(SystemCallError) {
            return try openRealFolder(folder)
        } catch {
            guard error.errno == ENOTDIR || error.errno == ELOOP else { throw error }
            return nil
        }
    }

    /// Opens a folder below the archive; nil when it isn't there. What stands in its place, or in
    /// that of one above it, is named by the error.
    func openRealFolder(_ folder: String) throws(SystemCallError) -> Descriptor? {
        var opened = try kernel.open(
            at: root.number, ".", flags: O_RDONLY | O_DIRECTORY, naming: path)
        var place = path
        for part in folder.split(separator: "/") {
            place += "/\(part)"
            do throws(SystemCallError) {
                opened = try kernel.open(
                    at: opened.number, String(part), flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                    naming: place)
            } catch {
                if error.errno == ENOENT { return nil }
                let kind = try kernel.status(at: opened.number, String(part), naming: place)?.kind
                guard error.errno == ENOTDIR, kind == .link else { throw error }
                throw SystemCallError(call: "open", path: place, errno: ELOOP)
            }
        }
        return opened
    }
}
