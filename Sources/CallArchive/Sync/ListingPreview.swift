import Platform
import Synchronization
import Transfer

/// What the provider has now, and what a sync would do with each; writes nothing at all.
package final class ListingPreview: Sendable {
    private struct Live {
        var interruptedBy: Int32?
        var lister: Lister?
    }

    private let settings: SyncSettings
    private let observer: any SyncObserver
    private let live = Locked(Live())

    package init(settings: SyncSettings, observer: any SyncObserver) {
        self.settings = settings
        self.observer = observer
    }

    package func interrupt(signal: Int32) {
        let lister = live.withLock { live in
            live.interruptedBy = signal
            return live.lister
        }
        lister?.interrupt()
    }

    /// Hands out each listed recording once, as the pages come; true when the walk was complete.
    ///
    /// An error that ended the walk is thrown after the rows it brought.
    package func run(_ each: (PreviewRow) -> Void) throws(ArchiveError) -> Bool {
        let lister = try makeLister()
        let isInterrupted = live.withLock { live in
            live.lister = lister
            return live.interruptedBy != nil
        }
        if isInterrupted { lister.interrupt() }
        let known = try ArchiveLook(path: settings.archive, account: settings.account)
        // A hash an id: the preview of a million recordings takes 16 MB.
        var seen: Set<Int> = []
        let result = try lister.walk { page throws(ArchiveError) in
            var change = PageChange()
            for recording in page.recordings where seen.insert(recording.id.hashValue).inserted {
                change.fresh += 1
                each(try row(recording, known))
            }
            return change
        }
        if let error = result.error { throw error }
        return result.isComplete
    }

    private func makeLister() throws(ArchiveError) -> Lister {
        let provider: CatapultProvider
        do throws(InvalidURL) {
            provider = try CatapultProvider(
                baseURL: settings.baseURL, account: settings.account,
                pageSize: settings.pageSize)
        } catch {
            throw ArchiveError(
                .usage, "cannot use the base URL '\(settings.baseURL)'", why: "\(error)")
        }
        var options = TransferOptions()
        options.connectTimeout = settings.connectTimeout
        options.stallTimeout = settings.stallTimeout
        options.caFile = settings.caFile
        options.userAgent = "callarchive/\(CallArchiveVersion.current)"
        do throws(TransferError) {
            return try Lister(
                provider: provider, settings: settings, options: options,
                pacing: settings.requestRate.pacing, observer: observer,
                random: { Double.random(in: 0..<1) })
        } catch {
            throw ArchiveError(.bug, "cannot start libcurl", why: error.text)
        }
    }

    private func row(
        _ recording: Recording, _ known: ArchiveLook
    ) throws(ArchiveError) -> PreviewRow {
        let found = try known.find(recording.id)
        let status = StatusRule.status(
            of: recording,
            known: found.map {
                .init(
                    status: $0.entry.status, errorCode: $0.entry.error?.code,
                    media: $0.entry.media)
            })
        var entry = found?.entry ?? ArchiveEntry(id: recording.id, status: status)
        entry.extras = known.extras
        entry.status = status
        entry.listed = true
        entry.state = recording.state.word
        entry.startTime = recording.startTime
        entry.endTime = recording.endTime
        entry.call = recording.call
        entry.media = recording.media
        let window = StartWindow(since: settings.since, until: settings.until)
        let action: PreviewAction =
            switch status {
            case .archived: found?.isInPlace == true ? .skip : .download
            case .pending: found?.hasPartial == true ? .resume : .download
            case .failed: found?.hasPartial == true ? .resume : .retry
            case .waiting: .wait
            case .unavailable: .unavailable
            case .gone: settings.retryGone ? .retry : .gone
            }
        let wouldFetch = [.download, .resume, .retry].contains(action)
        return PreviewRow(
            entry: entry,
            action: wouldFetch && !window.contains(recording.start) ? .outside : action)
    }
}
