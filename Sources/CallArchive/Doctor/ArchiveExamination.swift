import Glibc
package import Platform

/// Looks at an archive, or at the place where it is to be made, without changing anything.
package struct ArchiveExamination {
    let path: String
    /// Empty when it is not known.
    let account: String
    let minFree: Int64
    /// Whoever runs this.
    let user: UInt32
    let now: Timestamp
    let tell: FindingSink

    package init(
        path: String, account: String, minFree: Int64, user: UInt32, now: Timestamp,
        tell: @escaping FindingSink
    ) {
        self.path = path
        self.account = account
        self.minFree = minFree
        self.user = user
        self.now = now
        self.tell = tell
    }

    package func run() {
        let kernel = Kernel()
        let root: Descriptor
        do throws(SystemCallError) {
            root = try kernel.open(
                at: AT_FDCWD, path, flags: O_RDONLY | O_DIRECTORY, naming: path)
        } catch {
            if error.errno == ENOENT {
                examineAbsence(kernel)
                return
            }
            var finding = Finding.error(
                .archive, error.stopping("cannot use the archive '\(path)'"))
            var status = stat()
            if error.errno == EACCES, unsafe stat(path, &status) == 0 {
                finding.mend =
                    "it belongs to user \(status.st_uid), and this runs as user \(user): run as "
                    + "the owner"
            }
            tell(finding)
            return
        }
        do throws(SystemCallError) {
            let place = "\(path)/\(ArchiveFolder.controlName)"
            let control = try kernel.status(
                at: root.number, ArchiveFolder.controlName, naming: place)
            let name = unsafe realpath(path, nil).map { resolved in
                // Allocated by realpath, and ours to free.
                defer { unsafe free(resolved) }
                return unsafe String(cString: resolved)
            }
            let remark = name.map { $0 == path ? "" : " ('\($0)')" } ?? ""
            tell(
                .ok(
                    .archive,
                    control == nil
                        ? "'\(path)'\(remark) is there, and no sync has used it yet"
                        : "'\(path)'\(remark) is there"))
            let isWhole = try examinePermissions(kernel, root.number)
            try examineSpace(kernel, root.number, of: path)
            guard isWhole else { return }
            let holder = try examineLock(kernel, root.number)
            try examineLeftovers(kernel, root.number, isHeld: holder)
            CatalogExamination(
                path: path, account: account, now: now, isHeld: holder, tell: tell
            ).run()
        } catch {
            tell(.error(.archive, error.stopping("cannot look at the archive '\(path)'")))
        }
    }

    /// The first sync would make it: can it?
    private func examineAbsence(_ kernel: Kernel) {
        var above = path
        repeat {
            var parts = above.split(separator: "/", omittingEmptySubsequences: true)
            let isAbsolute = above.hasPrefix("/")
            parts = parts.dropLast()
            above = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
            if above.isEmpty { above = "." }
        } while unsafe access(above, F_OK) != 0 && above != "/" && above != "."
        guard unsafe faccessat(AT_FDCWD, above, W_OK | X_OK, AT_EACCESS) == 0 else {
            let error = SystemCallError(call: "make a folder in", path: above, errno: errno)
            tell(.error(.archive, error.stopping("there is no archive at '\(path)' yet")))
            return
        }
        tell(.ok(.archive, "there is none at '\(path)' yet; the first sync makes it"))
        do throws(SystemCallError) {
            let folder = try kernel.open(
                at: AT_FDCWD, above, flags: O_RDONLY | O_DIRECTORY, naming: above)
            try examineSpace(kernel, folder.number, of: above)
        } catch {
            tell(.error(.space, error.stopping("cannot look at the file system of '\(above)'")))
        }
    }

    private func examineSpace(
        _ kernel: Kernel, _ folder: Int32, of place: String
    ) throws(SystemCallError) {
        let free = try kernel.freeBytes(folder, naming: place)
        if let names = try kernel.freeNames(folder, naming: place), names < 10_000 {
            let text = "only \(names) more files fit on the file system of '\(place)' (inodes)"
            let mend = "remove files there, or move the archive to a file system made for more"
            tell(
                names < 100
                    ? .error(.space, .storage, text, mend: mend)
                    : .warning(.space, text, mend: mend))
        }
        let text = "\(Finding.size(free)) are free on the file system of '\(place)'"
        if free < minFree {
            tell(.error(.space, SpaceRule.error(path, free, minFree)))
        } else if free < minFree * 2 {
            tell(
                .warning(
                    .space, "\(text); a sync stops at \(Finding.size(minFree))",
                    mend: "make room, or lower --min-free"))
        } else {
            tell(.ok(.space, "\(text); a sync leaves \(Finding.size(minFree)) of them"))
        }
    }
}
