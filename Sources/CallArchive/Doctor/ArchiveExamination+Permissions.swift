import Glibc
import Platform

extension ArchiveExamination {
    /// The archive's own files and folders; those below `recordings/` are verify's to read.
    private static let folders = [
        ".", ArchiveFolder.controlName,
        "\(ArchiveFolder.controlName)/\(ArchiveFolder.partialName)", ArchiveFolder.recordingsName,
    ]
    private static let files = [
        "\(ArchiveFolder.controlName)/\(ArchiveFolder.catalogName)",
        "\(ArchiveFolder.controlName)/lock", ManifestWriter.manifestName,
        ManifestWriter.checksumsName,
    ]

    private struct Part {
        var path: String
        var status: FileStatus
        /// The errno of a use that this user is denied; nil when it may.
        var denial: Int32?
    }

    /// False when something else stands in a part's place: then nothing more can be said.
    func examinePermissions(_ kernel: Kernel, _ root: Int32) throws(SystemCallError) -> Bool {
        var parts: [Part] = []
        for name in Self.folders + Self.files {
            let place = name == "." ? path : "\(path)/\(name)"
            guard let status = try kernel.status(at: root, name, naming: place) else { continue }
            let expected = Self.files.contains(name) ? FileStatus.Kind.file : .folder
            guard status.kind == expected else {
                let code =
                    switch (status.kind, expected) {
                    case (.folder, _): EISDIR
                    case (.file, _): ENOTDIR
                    default: ELOOP
                    }
                let error = SystemCallError(call: "use", path: place, errno: code)
                tell(.error(.permissions, error.stopping("cannot use the archive '\(path)'")))
                return false
            }
            let wanted = status.kind == .folder ? R_OK | W_OK | X_OK : R_OK | W_OK
            let isAllowed = unsafe faccessat(root, name, wanted, AT_EACCESS) == 0
            parts.append(Part(path: place, status: status, denial: isAllowed ? nil : errno))
        }
        var isWell = true
        if let denied = parts.first(where: { $0.denial != nil }) {
            isWell = false
            tell(denial(denied))
        } else if let foreign = parts.first(where: { $0.status.owner != user }) {
            isWell = false
            tell(foreignness(foreign))
        }
        let open = parts.filter { $0.status.permissions & 0o077 != 0 }
        if let first = open.first {
            isWell = false
            let more = open.count > 1 ? ", and \(open.count - 1) more like it" : ""
            tell(
                .warning(
                    .permissions,
                    "other users can open '\(first.path)' (mode \(octal(first.status)))\(more)",
                    mend: "chmod -R go= '\(path)', unless that is meant"))
        }
        if isWell { tell(.ok(.permissions, "the archive is its owner's alone, who runs this")) }
        return true
    }

    private func denial(_ part: Part) -> Finding {
        let error = SystemCallError(call: "write to", path: part.path, errno: part.denial ?? EACCES)
        if error.errno == EROFS {
            return .error(.permissions, error.stopping("cannot use the archive '\(path)'"))
        }
        let owner = part.status.owner
        return .error(
            .permissions, .storage,
            "user \(user) may not read and write '\(part.path)': it belongs to user \(owner) and "
                + "has mode \(octal(part.status))",
            mend: owner == user
                ? "chmod -R u+rwX '\(path)'"
                : "run as user \(owner), or chown -R \(user) '\(path)'")
    }

    /// It works now; files that this user adds would be in the owner's way.
    private func foreignness(_ part: Part) -> Finding {
        let owner = part.status.owner
        return .warning(
            .permissions,
            "'\(part.path)' belongs to user \(owner), and this runs as user \(user): files that "
                + "a sync makes now, the owner's own runs can't use",
            mend: "run all commands as one user, as with sudo -u '#\(owner)' callarchive …")
    }

    private func octal(_ status: FileStatus) -> String {
        let digits = String(status.permissions & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
