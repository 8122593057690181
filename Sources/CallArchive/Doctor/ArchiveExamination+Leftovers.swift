import Glibc
import Platform

extension ArchiveExamination {
    /// Whether a run holds the archive now.
    func examineLock(_ kernel: Kernel, _ root: Int32) throws(SystemCallError) -> Bool {
        let name = "\(ArchiveFolder.controlName)/lock"
        let place = "\(path)/\(name)"
        guard let status = try kernel.status(at: root, name, naming: place) else {
            tell(.ok(.lock, "nobody holds the archive"))
            return false
        }
        // Trying the lock would make a run fail that starts at this moment: the kernel is asked.
        switch HeldLocks.holds(inode: status.inode) {
        case true?:
            let holder = holderNote(kernel, root, name)
            tell(
                .ok(
                    .lock,
                    "a run holds the archive" + (holder.isEmpty ? "" : ": \(holder)")))
            return true
        case false?:
            tell(.ok(.lock, "nobody on this machine holds the archive"))
            return false
        case nil:
            tell(
                .warning(
                    .lock, "/proc/locks can't be read, so it isn't known whether a run holds it",
                    mend: "look for a callarchive process"))
            return false
        }
    }

    /// As a run writes it into the lock file; empty when it can't be read.
    private func holderNote(_ kernel: Kernel, _ root: Int32, _ name: String) -> String {
        var buffer = [UInt8](repeating: 0, count: 512)
        do throws(SystemCallError) {
            let file = try kernel.open(
                at: root, name, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, naming: name)
            let count = try kernel.read(file.number, at: 0, into: &buffer, naming: name)
            return BodyExcerpt.printable(Array(buffer.prefix(count)))
        } catch {
            return ""
        }
    }

    private struct Pile {
        var count = 0
        var bytes: Int64 = 0
        var names: [String] = []
    }

    func examineLeftovers(
        _ kernel: Kernel, _ root: Int32, isHeld: Bool
    ) throws(SystemCallError) {
        let control = ArchiveFolder.controlName
        var parts = try pile(kernel, root, "\(control)/\(ArchiveFolder.partialName)")
        let hasJournal = parts.names.contains(PartJournal.name)
        if hasJournal { parts.count -= 1 }
        var isClean = true
        if isHeld {
            isClean = false
            tell(.ok(.leftovers, "\(counted(parts.count, "download")) of the run under way"))
        } else if hasJournal {
            isClean = false
            tell(
                .warning(
                    .leftovers,
                    "the last run was killed: a journal and "
                        + "\(counted(parts.count, "unfinished download")) "
                        + "(\(Finding.size(parts.bytes))) are in \(control)/partial",
                    mend: "run sync: it takes over what is whole, and goes on with the rest"))
        } else if parts.count > 0 {
            isClean = false
            tell(
                .ok(
                    .leftovers,
                    "\(counted(parts.count, "unfinished download")) "
                        + "(\(Finding.size(parts.bytes))), which the next sync goes on with"))
        }
        let damaged = try pile(kernel, root, "\(control)/\(ArchiveFolder.damagedName)")
        if damaged.count > 0 {
            isClean = false
            tell(
                .warning(
                    .leftovers,
                    "\(counted(damaged.count, "damaged file")) "
                        + "(\(Finding.size(damaged.bytes))) in \(control)/damaged",
                    mend: "look at what is there, then remove it; callarchive makes no further use "
                        + "of it"))
        }
        let aside = try pile(kernel, root, control).names.filter {
            $0.hasPrefix("\(ArchiveFolder.catalogName).damaged-")
        }
        if !aside.isEmpty {
            isClean = false
            tell(
                .warning(
                    .leftovers,
                    "\(counted(aside.count, "old catalog file")) in \(control), moved aside "
                        + "by a rebuild",
                    mend: "when status shows what you expect, remove \(control)/"
                        + "\(ArchiveFolder.catalogName).damaged-*"))
        }
        if isClean { tell(.ok(.leftovers, "none")) }
    }

    /// The plain files of a folder; none when it isn't there or can't be read.
    private func pile(
        _ kernel: Kernel, _ root: Int32, _ folder: String
    ) throws(SystemCallError) -> Pile {
        let place = "\(path)/\(folder)"
        var pile = Pile()
        do throws(SystemCallError) {
            let opened = try kernel.open(
                at: root, folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, naming: place)
            let number = opened.number
            let names = try FolderNames(
                try kernel.open(
                    at: number, ".", flags: O_RDONLY | O_DIRECTORY, naming: place),
                naming: place)
            while let (name, kind) = names.next() {
                guard kind == .file else { continue }
                pile.count += 1
                pile.names.append(name)
                pile.bytes +=
                    try kernel.status(at: number, name, naming: "\(place)/\(name)")?.size ?? 0
            }
        } catch {
            // Permissions are told of elsewhere.
            guard [ENOENT, ENOTDIR, ELOOP, EACCES].contains(error.errno) else { throw error }
        }
        return pile
    }
}
