import Glibc
import Platform

/// Reads the waveforms of archived files, without locking the archive or following a link.
///
/// Neighbours share a folder, which stays open between two reads. Confined to one thread.
package final class WaveformReader {
    private let tree: ArchiveTree
    private var path = ""
    private var folder: Descriptor?

    package init(archive: String) throws(ArchiveError) {
        tree = try ArchiveTree(path: archive)
    }

    /// nil for whatever has no waveform to show: another container, another codec, a file that is
    /// missing or damaged. To tell why is the business of `verify`.
    package func waveform(ofFile file: String) -> Waveform? {
        guard ArchiveTree.isPlausible(file) else { return nil }
        do throws(SystemCallError) {
            return try read(file)
        } catch {
            return nil
        }
    }

    private func read(_ file: String) throws(SystemCallError) -> Waveform? {
        let (parent, name) = Placement.split(file)
        if parent != path {
            folder = nil
            folder = try tree.openFolder(parent)
            path = parent
        }
        guard let number = folder?.number else { return nil }
        let full = "\(tree.path)/\(file)"
        let opened = try tree.kernel.open(
            at: number, name, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, naming: full)
        let status = try tree.kernel.status(of: opened.number, naming: full)
        guard status.kind == .file else { return nil }
        // Two hundred short reads: what lies between them need not be read ahead.
        posix_fadvise(opened.number, 0, 0, POSIX_FADV_RANDOM)
        return try Waveform.measure(FileBytes(opened, size: status.size, tree.kernel, full))
    }
}
