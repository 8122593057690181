import Platform
import Transfer

// The parts of a run, put together.
extension Sync {
    struct Parts {
        var lister: Lister
        var lanes: LaneSet
    }

    func makeQueue(
        _ provider: any RecordingProvider, _ archive: ArchiveFolder, _ catalog: Catalog,
        _ journal: PartJournal, _ started: Int64
    ) throws(ArchiveError) -> DownloadQueue {
        let queue = DownloadQueue(
            limits: .init(
                concurrency: concurrency, spread: spread, retries: settings.retries,
                deadline: settings.maxDuration.map { started + $0.nanoseconds },
                minFree: settings.minFree, window: window),
            context: .init(
                archive: archive, journal: journal,
                access: AccessPolicy(
                    apiOrigin: provider.base.origin, mediaHosts: settings.mediaHosts),
                credentials: settings.credentials, base: provider.base,
                rateLimitPause: { provider.rateLimitPause($0) },
                errorText: { provider.errorText($0) },
                random: { Double.random(in: 0..<1) },
                isInterrupted: { [weak self] in self?.interruptedBy != nil }),
            catalog: catalog, observer: observer, pacing: pacing, producers: 2,
            maxFiles: settings.maxFiles)
        do throws(CatalogError) {
            if settings.retryGone { _ = try catalog.retryGone() }
            queue.somethingIsDue(try catalog.countDue(in: window))
        } catch {
            throw error.stopping(archive: settings.archive)
        }
        return queue
    }

    func makeParts(
        _ provider: any RecordingProvider, _ queue: DownloadQueue
    ) throws(ArchiveError) -> Parts {
        var options = TransferOptions()
        options.connectTimeout = settings.connectTimeout
        options.stallTimeout = settings.stallTimeout
        options.caFile = settings.caFile
        options.setLimit(settings.limitRate, concurrency: concurrency)
        options.userAgent = "callarchive/\(CallArchiveVersion.current)"
        do throws(TransferError) {
            let lister = try Lister(
                provider: provider, settings: settings, options: options, pacing: pacing,
                observer: observer, random: { Double.random(in: 0..<1) })
            let lanes = try LaneSet(spread, options: options) { [weak queue] error in
                queue?.stop(ArchiveError(.bug, "libcurl failed", why: error.text))
            }
            queue.attach(lanes)
            return Parts(lister: lister, lanes: lanes)
        } catch {
            throw ArchiveError(.bug, "cannot start libcurl", why: error.text)
        }
    }
}
