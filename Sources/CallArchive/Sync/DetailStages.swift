import Dispatch
import Platform
import Synchronization
import Transfer

/// The stages of a run that concern details of recordings: who called whom, and what was said.
///
/// The walk through the calls runs beside the downloads, once the listing has ended; the
/// transcriptions come behind them. Neither stops a run or changes how it ended: their troubles
/// are warnings.
final class DetailStages: Sendable {
    /// The list of calls is mostly there by then; else the manifest doesn't wait for it.
    private static let patience = DispatchTimeInterval.seconds(3)

    private let settings: SyncSettings
    private let provider: any RecordingProvider
    private let archive: ArchiveFolder
    private let catalog: Catalog
    private let observer: any SyncObserver
    private let calls: DocumentFetcher?
    private let lists: DocumentFetcher?
    private let texts: DocumentFetcher?
    private let walk = DispatchGroup()
    private let note = Locked<String?>(nil)

    /// nil when none of them is wanted.
    static func make(
        _ settings: SyncSettings, _ provider: any RecordingProvider, _ archive: ArchiveFolder,
        _ catalog: Catalog, _ observer: any SyncObserver, started: Int64
    ) throws(ArchiveError) -> DetailStages? {
        guard settings.withCalls || settings.withTranscriptions else { return nil }
        do throws(TransferError) {
            return try DetailStages(settings, provider, archive, catalog, observer, started)
        } catch {
            throw ArchiveError(.bug, "cannot start libcurl", why: error.text)
        }
    }

    private init(
        _ settings: SyncSettings, _ provider: any RecordingProvider, _ archive: ArchiveFolder,
        _ catalog: Catalog, _ observer: any SyncObserver, _ started: Int64
    ) throws(TransferError) {
        self.settings = settings
        self.provider = provider
        self.archive = archive
        self.catalog = catalog
        self.observer = observer
        var options = TransferOptions()
        options.connectTimeout = settings.connectTimeout
        options.stallTimeout = settings.stallTimeout
        options.caFile = settings.caFile
        options.userAgent = "callarchive/\(CallArchiveVersion.current)"
        var context = DocumentFetcher.Context(
            credentials: settings.credentials,
            access: AccessPolicy(apiOrigin: provider.base.origin), retries: settings.retries,
            pacing: settings.requestRate.pacing,
            deadline: settings.maxDuration.map { started + $0.nanoseconds },
            rateLimitPause: { provider.rateLimitPause($0) },
            errorText: { provider.errorText($0) }, random: { Double.random(in: 0..<1) },
            observer: observer)
        let asksCalls = settings.withCalls && provider.calls != nil
        calls =
            asksCalls
            ? try DocumentFetcher("calls", context: context, options: options) : nil
        guard settings.withTranscriptions, provider.transcriptions != nil else {
            lists = nil
            texts = nil
            return
        }
        lists = try DocumentFetcher("transcriptions", context: context, options: options)
        // The texts lie where the media do.
        context.access = AccessPolicy(
            apiOrigin: provider.base.origin, mediaHosts: settings.mediaHosts)
        texts = try DocumentFetcher("media", context: context, options: options)
    }

    /// Ends both at once, from any thread; what was learnt is kept.
    func interrupt() {
        for fetcher in [calls, lists, texts] { fetcher?.interrupt() }
    }

    /// What is being done, for the progress line.
    var progressNote: String? { note.withLock { $0 } }

    /// The listing has ended: what it shows is what details are wanted for.
    func listingEnded(_ result: Lister.Result) {
        let isAnswered = result.pages > 0 && !result.isUnreachable
        guard let calls, let provider = provider.calls, isAnswered,
            result.error?.kind != .refused
        else { return }
        let stage = CallWalk(
            provider: provider, fetcher: calls, catalog: catalog, window: window,
            observer: observer)
        walk.enter()
        DispatchQueue(label: "callarchive.calls").async {
            self.keep(.calls)
            stage.run()
            self.walk.leave()
        }
    }

    /// Behind the downloads: waits for the calls, then asks for transcriptions.
    func finish(isStopped: Bool, into outcome: inout SyncOutcome) {
        if isStopped { interrupt() }
        if calls != nil { note.withLock { $0 = "the list of calls" } }
        if walk.wait(timeout: .now() + Self.patience) == .timedOut {
            writeManifest()
            walk.wait()
        }
        if !isStopped, outcome.pages > 0 { askForTranscriptions() }
        end()
        for counts in [calls, lists, texts].compactMap({ $0?.counts }) {
            outcome.requests += counts.requests
            outcome.retries += counts.retries
            outcome.refused += counts.refused
        }
    }

    /// Nothing runs any more when it returns, however the run ended.
    func end() {
        interrupt()
        walk.wait()
        note.withLock { $0 = nil }
    }

    private func askForTranscriptions() {
        guard let lists, let texts, let provider = provider.transcriptions,
            !lists.isInterrupted
        else { return }
        keep(.transcriptions)
        let pass = TranscriptionPass(
            provider: provider, lists: lists, texts: texts, base: self.provider.base,
            archive: archive, catalog: catalog, window: window, minFree: settings.minFree,
            observer: observer)
        pass.reconcile()
        // An error here comes back in the pass, which tells it.
        let total = (try? catalog.countTranscriptionClaims(in: window)) ?? 0
        if total > 0 { writeManifest() }
        pass.run { done in
            note.withLock { $0 = "transcriptions, \(done + 1) of \(total)" }
        }
    }

    /// Details may take hours: what is archived is to be known whatever happens meanwhile.
    private func writeManifest() {
        // An error here comes back when it is written at the end.
        _ = try? ManifestWriter.write(archive, catalog, at: Timestamp.now())
    }

    private var window: StartWindow {
        StartWindow(since: settings.since, until: settings.until)
    }

    /// An error here comes back from the stage itself.
    private func keep(_ extras: EntryExtras) {
        try? catalog.keep(extras)
    }
}
