import Glibc
package import Platform

/// The file that metrics go to: replaced as a whole, readable by the collector's user.
package struct MetricsFile: Sendable {
    /// Larger than any file of ours; what is larger isn't read.
    private static let readLimit = 1 << 20

    private let path: String
    private let folder: String
    private let name: String
    private let kernel: Kernel

    package init(_ path: String, kernel: Kernel = Kernel()) {
        self.path = path
        self.kernel = kernel
        if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            folder = slash == path.startIndex ? "/" : String(path[..<slash])
            name = String(path[path.utf8.index(after: slash)...])
        } else {
            folder = "."
            name = path
        }
    }

    /// Writes beside the file, then puts it in its place; mode 0644 whatever the umask says.
    ///
    /// Only a plain file is replaced: as root, a device would be gone for everybody. The new
    /// one's name begins with a dot and has no `.prom` at its end, so that no collector reads it.
    package func write(_ text: String) throws(ArchiveError) {
        do throws(SystemCallError) {
            let place = try openPlace()
            let temporary = ".\(name).\(getpid())"
            do throws(SystemCallError) {
                try fill(temporary, in: place.number, text)
                try kernel.rename(
                    from: place.number, temporary, to: place.number, name, replacing: true,
                    naming: path)
            } catch {
                try? kernel.remove(at: place.number, temporary, naming: path)
                throw error
            }
        } catch {
            throw explained(error)
        }
    }

    /// Whether `write` could do its work now; nothing is changed.
    package func examine() throws(ArchiveError) {
        do throws(SystemCallError) {
            let place = try openPlace()
            if unsafe faccessat(place.number, ".", W_OK | X_OK, AT_EACCESS) != 0 {
                throw SystemCallError(call: "write to", path: folder, errno: errno)
            }
        } catch {
            throw explained(error)
        }
    }

    /// The folder, once what stands under the file's name is known to be ours to replace.
    private func openPlace() throws(SystemCallError) -> Descriptor {
        let place = try kernel.open(
            at: AT_FDCWD, folder, flags: O_RDONLY | O_DIRECTORY, naming: folder)
        if let known = try kernel.status(at: place.number, name, naming: path), known.kind != .file
        {
            throw SystemCallError(
                call: "replace", path: path, errno: known.kind == .folder ? EISDIR : EINVAL)
        }
        return place
    }

    private func explained(_ error: SystemCallError) -> ArchiveError {
        let isOdd = error.call == "replace"
        let reason = error.path == path ? error.reason : "\(error.what): \(error.reason)"
        return ArchiveError(
            .storage, "cannot write the metrics file '\(path)'",
            why: isOdd ? "what stands there is no plain file" : reason,
            hint: isOdd
                ? "name a file that may be replaced with --metrics-file"
                : "see that the folder '\(folder)' is there and that this user may write to it")
    }

    private func fill(
        _ temporary: String, in folder: Int32, _ text: String
    ) throws(SystemCallError) {
        let file = try kernel.open(
            at: folder, temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644,
            naming: path)
        if fchmod(file.number, 0o644) != 0 {
            throw SystemCallError(call: "set the mode of", path: path, errno: errno)
        }
        try kernel.write(file.number, Array(text.utf8), naming: path)
        // An empty file after a power cut would be an error of the collector's.
        try kernel.fsync(file.number, naming: path)
    }

    /// The last success that the former file tells of the archive; nil when it tells none.
    package func formerSuccess(archive: String) -> Timestamp? {
        guard let text = read() else { return nil }
        let start = "\(MetricsText.lastSuccessName){\(MetricsText.label(archive: archive))} "
        for line in text.split(separator: "\n") where line.hasPrefix(start) {
            guard let seconds = Double(line.dropFirst(start.count)), seconds > 0, seconds < 1e12
            else { return nil }
            return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
        }
        return nil
    }

    private func read() -> String? {
        do throws(SystemCallError) {
            // A pipe must not hold us up.
            let file = try kernel.open(
                at: AT_FDCWD, path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, naming: path)
            let status = try kernel.status(of: file.number, naming: path)
            guard status.kind == .file, status.size <= Self.readLimit else { return nil }
            var bytes = [UInt8](repeating: 0, count: Int(status.size))
            let count = try kernel.read(file.number, at: 0, into: &bytes, naming: path)
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        } catch {
            return nil
        }
    }
}
