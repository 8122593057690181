import Platform
import Synchronization

/// The stages that follow a run's downloads: the manifest, and what the user's program is given.
extension Sync {
    /// Manifest, checksums and summary: at each end of a run.
    func finish(_ archive: ArchiveFolder, _ catalog: Catalog, _ outcome: inout SyncOutcome) {
        do throws(CatalogError) {
            outcome.summary = try catalog.summary()
        } catch {
            outcome.error = ArchiveError.graver(
                outcome.error, error.stopping(archive: settings.archive))
        }
        do throws(ArchiveError) {
            _ = try ManifestWriter.write(archive, catalog, at: Timestamp.now())
        } catch {
            outcome.error = ArchiveError.graver(outcome.error, error)
        }
    }

    /// Starts handing over beside the downloads, if that is wanted.
    func beginHandover(
        _ program: HandoverProgram?, _ archive: ArchiveFolder, _ catalog: Catalog, run: Int64,
        started: Int64
    ) throws(ArchiveError) {
        guard let program else { return }
        do throws(CatalogError) {
            if let before = try catalog.beginHandovers(), before > 0 {
                observer.observe(
                    .notice(
                        .info,
                        "the first run with --exec on this archive: what is in it "
                            + "(\(counted(before, "recording"))) is not handed over, what comes "
                            + "from now on is"))
            }
        } catch {
            throw error.stopping(archive: settings.archive)
        }
        try noteHandovers(archive, catalog)
        do throws(SystemCallError) {
            let handover = try Handover()
            handover.start(
                .init(
                    program: program, jobs: settings.handover.jobs,
                    timeout: settings.handover.timeout,
                    environment: settings.handover.environment,
                    deadline: settings.maxDuration.map { started + $0.nanoseconds }, run: run),
                archive: archive, catalog: catalog, observer: observer)
            self.handover.withLock { $0 = handover }
            if interruptedBy != nil { handover.interrupt() }
        } catch {
            throw error.stopping("cannot run '\(program.path)'")
        }
    }

    /// Waits until the program has been given all that is due; after the manifest is written.
    func endHandover(
        _ archive: ArchiveFolder, _ catalog: Catalog, _ outcome: inout SyncOutcome
    ) {
        guard let handover = handover.withLock({ $0 }) else { return }
        let result = handover.finish(isStopped: outcome.error?.kind == .storage)
        self.handover.withLock { $0 = nil }
        outcome.handedOver = result.done
        outcome.handoversFailed = result.failed
        outcome.error = ArchiveError.graver(outcome.error, result.error)
        do throws(ArchiveError) {
            try noteHandovers(archive, catalog)
        } catch {
            outcome.error = ArchiveError.graver(outcome.error, error)
        }
        do throws(CatalogError) {
            outcome.handoversLeft = try catalog.countHandovers()
        } catch {
            outcome.error = ArchiveError.graver(
                outcome.error, error.stopping(archive: settings.archive))
        }
        if result.deadlineIsOver, outcome.handoversLeft > outcome.handoversFailed {
            outcome.budgetReached = true
        }
    }
    /// Writes down beside the catalog how far the program has had everything.
    private func noteHandovers(
        _ archive: ArchiveFolder, _ catalog: Catalog
    ) throws(ArchiveError) {
        let mark: Int64?
        do throws(CatalogError) {
            mark = try catalog.handoverMark()
        } catch {
            throw error.stopping(archive: settings.archive)
        }
        guard let mark else { return }
        do throws(SystemCallError) {
            try HandoverMark.write(mark, archive)
        } catch {
            throw error.stopping("cannot write '\(HandoverMark.name)' in '\(settings.archive)'")
        }
    }
}
