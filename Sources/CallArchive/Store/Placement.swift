import Glibc
package import Platform

/// Gives finished parts their final names, durably, a batch at a time.
///
/// The order is the promise: contents durable, then the names, then the folders; only after
/// that may the catalog say so. Confined to the committer's queue.
package final class Placement {
    /// A part and the path below the archive that it is to have.
    package struct Order {
        package var part: String
        package var file: String
    }

    package enum Outcome: Sendable, Equatable {
        case placed
        /// Something else has that name.
        case taken
    }

    /// Up to so many files are made durable one by one; more of them by one sync of the file
    /// system, which costs a batch about as much as a few files.
    private static let singleSyncs = 4
    /// Kept open at once: a batch may span more days than there are descriptors.
    private static let openFolders = 12

    private let archive: ArchiveFolder
    private var folders: [String: Folder] = [:]
    private var touched: Set<String> = []
    /// Of the file that was placed last.
    private var latest: Folder?

    private final class Folder {
        let path: String
        /// The path with its slash, which the paths of files in it begin with.
        let prefix: String
        let descriptor: Descriptor
        var isTouched = false

        init(_ path: String, _ descriptor: consuming Descriptor) {
            self.path = path
            prefix = path + "/"
            self.descriptor = descriptor
        }
    }

    package init(_ archive: ArchiveFolder) {
        self.archive = archive
    }

    /// Makes the parts' contents durable.
    package func syncParts(_ parts: [String]) throws(SystemCallError) {
        let kernel = archive.kernel
        if parts.count > Self.singleSyncs {
            try kernel.syncFileSystem(archive.root.number, naming: archive.path)
            return
        }
        for part in parts {
            let path = archive.partPath(part)
            let file = try kernel.open(
                at: archive.partial.number, part, flags: O_RDONLY | O_NOFOLLOW, naming: path)
            try kernel.fsync(file.number, naming: path)
        }
    }

    /// Renames one part, whose contents are durable; the name is durable after `syncFolders`.
    package func place(_ order: Order) throws(SystemCallError) -> Outcome {
        let (target, name) = try target(order.file)
        do throws(SystemCallError) {
            try archive.kernel.rename(
                from: archive.partial.number, order.part, to: target.descriptor.number, name,
                replacing: false, naming: "\(archive.path)/\(order.file)")
        } catch {
            guard error.errno == EEXIST else { throw error }
            return .taken
        }
        if !target.isTouched {
            target.isTouched = true
            touched.insert(target.path)
        }
        return .placed
    }

    /// The folder of a file and the file's name in it; most files lie where the one before does.
    private func target(_ file: String) throws(SystemCallError) -> (Folder, name: String) {
        if let latest, let name = Self.name(of: file, below: latest.prefix) {
            return (latest, name)
        }
        let (path, name) = Self.split(file)
        let folder = try open(path)
        latest = folder
        return (folder, name)
    }

    /// What follows the prefix; nil when the path doesn't begin with it, or goes further down.
    private static func name(of file: String, below prefix: String) -> String? {
        // Both buffers are only looked at, within the closures.
        let name = unsafe file.utf8.withContiguousStorageIfAvailable { file -> String? in
            unsafe prefix.utf8.withContiguousStorageIfAvailable { prefix -> String? in
                guard file.count > prefix.count, let start = file.baseAddress,
                    let known = prefix.baseAddress,
                    unsafe memcmp(start, known, prefix.count) == 0
                else { return nil }
                let rest = unsafe UnsafeBufferPointer(rebasing: file[prefix.count...])
                guard let first = rest.baseAddress,
                    unsafe memchr(first, Int32(UInt8(ascii: "/")), rest.count) == nil
                else { return nil }
                return unsafe String(decoding: rest, as: UTF8.self)
            } ?? nil
        }
        return name ?? nil
    }

    /// Makes what has the file's name already durable, as if it had been placed.
    package func adopt(_ file: String) throws(SystemCallError) {
        guard let opened = try archive.openFile(file) else { return }
        try archive.kernel.fsync(opened.number, naming: "\(archive.path)/\(file)")
        let (folder, _) = Self.split(file)
        _ = try open(folder)
        touched.insert(folder)
    }

    /// Makes the new names durable.
    package func syncFolders() throws(SystemCallError) {
        let kernel = archive.kernel
        if touched.count > Self.singleSyncs {
            try kernel.syncFileSystem(archive.root.number, naming: archive.path)
        } else {
            for folder in touched.sorted() {
                try kernel.fsync(
                    try open(folder).descriptor.number, naming: "\(archive.path)/\(folder)")
            }
        }
        touched = []
        latest = nil
        for folder in folders.values { folder.isTouched = false }
    }

    /// What has a file's name: its size and SHA-256; nil when it isn't a readable plain file.
    package func content(
        ofFile file: String
    ) throws(SystemCallError) -> (bytes: Int64, sha256: [UInt8])? {
        try archive.content(ofFile: file)
    }

    /// Opens the folder, makes it and those above it when missing.
    private func open(_ path: String) throws(SystemCallError) -> Folder {
        if let known = folders[path] { return known }
        if folders.count >= Self.openFolders {
            folders = folders.filter { path.hasPrefix($0.key + "/") }
        }
        let (parent, name) = Self.split(path)
        let above = parent.isEmpty ? archive.root.number : try open(parent).descriptor.number
        let folder = Folder(
            path,
            try ArchiveFolder.folder(
                name, below: above,
                of: parent.isEmpty ? archive.path : "\(archive.path)/\(parent)", archive.kernel))
        folders[path] = folder
        return folder
    }

    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }
}
