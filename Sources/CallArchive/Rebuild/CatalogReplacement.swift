import Glibc
import Platform

/// A new catalog file beside the old one, which takes its place as a whole.
///
/// A crash before the last rename leaves no catalog, or the old one; the next rebuild begins anew.
/// Confined to one thread, under the archive's lock.
struct CatalogReplacement {
    private static let newName = "catalog.sqlite.new"
    /// What SQLite keeps beside a file.
    private static let companions = ["-wal", "-shm", "-journal"]

    private let archive: ArchiveFolder

    init(_ archive: ArchiveFolder) {
        self.archive = archive
    }

    private var kernel: Kernel { archive.kernel }

    private func path(_ name: String) -> String {
        "\(archive.path)/\(ArchiveFolder.controlName)/\(name)"
    }

    /// Makes an empty file and gives its path; one that an earlier rebuild left goes.
    func begin() throws(SystemCallError) -> String {
        try discard()
        _ = try kernel.open(
            at: archive.control.number, Self.newName,
            flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, naming: path(Self.newName))
        return path(Self.newName)
    }

    /// Removes what was begun.
    func discard() throws(SystemCallError) {
        for name in [Self.newName] + Self.companions.map({ Self.newName + $0 }) {
            do throws(SystemCallError) {
                try kernel.remove(at: archive.control.number, name, naming: path(name))
            } catch {
                guard error.errno == ENOENT else { throw error }
            }
        }
    }

    /// Puts the new file, which is closed, in the old one's place; the old one is kept.
    ///
    /// Returns the old one's path below the archive; nil when there was none worth keeping.
    func publish(at time: Timestamp) throws(SystemCallError) -> String? {
        let file = try kernel.open(
            at: archive.control.number, Self.newName, flags: O_RDONLY | O_NOFOLLOW,
            naming: path(Self.newName))
        try kernel.fsync(file.number, naming: path(Self.newName))
        let old = try moveAside(at: time)
        try kernel.rename(
            from: archive.control.number, Self.newName, to: archive.control.number,
            ArchiveFolder.catalogName, replacing: false, naming: path(ArchiveFolder.catalogName))
        try kernel.fsync(archive.control.number, naming: path(""))
        return old
    }

    /// The main file first: a crash then leaves none, which is rebuilt, and not one without its
    /// newest part.
    private func moveAside(at time: Timestamp) throws(SystemCallError) -> String? {
        let name = ArchiveFolder.catalogName
        let control = archive.control.number
        if let status = try kernel.status(at: control, name, naming: path(name)),
            status.kind == .file, status.size == 0
        {
            // Made by this very start, for the lack of one.
            try kernel.remove(at: control, name, naming: path(name))
        }
        let aside = try freeName("\(name).damaged-\(time.compactUTC)")
        var moved: String?
        for ending in [""] + Self.companions {
            do throws(SystemCallError) {
                try kernel.rename(
                    from: control, name + ending, to: control, aside + ending, replacing: false,
                    naming: path(name + ending))
                moved = moved ?? "\(ArchiveFolder.controlName)/\(aside)\(ending)"
            } catch {
                guard error.errno == ENOENT else { throw error }
            }
        }
        return moved
    }

    private func freeName(_ name: String) throws(SystemCallError) -> String {
        var number = 0
        while true {
            let candidate = number == 0 ? name : "\(name).\(number)"
            var isFree = true
            for ending in [""] + Self.companions {
                let taken = candidate + ending
                let status = try kernel.status(
                    at: archive.control.number, taken, naming: path(taken))
                if status != nil { isFree = false }
            }
            if isFree { return candidate }
            number += 1
        }
    }
}
