package import Platform
import Synchronization

/// The command `rebuild`: a new catalog for an archive that is there, under its lock.
///
/// `interrupt` may be called from any thread; then nothing has taken the old catalog's place.
package final class RebuildRun: Sendable {
    private let archive: String
    private let account: String?
    private let lockWait: Duration
    private let kernel: Kernel
    private let isInterrupted = Locked(false)

    /// `account` is needed only when no manifest names it; another one is refused.
    package init(
        archive: String, account: String?, lockWait: Duration = .zero, kernel: Kernel = Kernel()
    ) {
        self.archive = archive
        self.account = account
        self.lockWait = lockWait
        self.kernel = kernel
    }

    package func interrupt() {
        isInterrupted.withLock { $0 = true }
    }

    /// Runs to the end on the calling thread; `say` hears of single files.
    package func run(_ say: @escaping (String) -> Void) throws(ArchiveError) -> RebuildOutcome {
        try expectArchive()
        let folder = try ArchiveFolder(
            path: archive, lockWait: lockWait, kernel: kernel,
            isCancelled: { self.isInterrupted.withLock { $0 } })
        return try Rebuild(
            archive: folder, provider: ManifestHeader.usualProvider, account: account,
            isCancelled: { self.isInterrupted.withLock { $0 } }, say: say
        ).run()
    }

    /// An archive is a folder with something of ours in it; none is made.
    private func expectArchive() throws(ArchiveError) {
        let tree = try ArchiveTree(path: archive, kernel: kernel)
        do throws(SystemCallError) {
            for name in [
                ArchiveFolder.controlName, ArchiveFolder.recordingsName,
                ManifestWriter.manifestName, ManifestWriter.checksumsName,
            ] where try tree.status(of: name) != nil {
                return
            }
        } catch {
            throw error.stopping("cannot look at the archive '\(archive)'")
        }
        throw ArchiveTree.noArchive(
            archive, why: "the folder has neither recordings nor a manifest")
    }
}
