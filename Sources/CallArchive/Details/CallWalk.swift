import Platform
import Transfer

/// Learns who called whom from the provider's list of calls, for recordings that lack it.
///
/// Memory doesn't grow with the calls: a page is taken in and forgotten. Whatever goes wrong is
/// one warning. Runs on one serial queue, which it blocks.
struct CallWalk {
    /// A page's body may be this large: a thousand calls are about 1 MiB.
    private static let pageLimit = 16 << 20

    let provider: any CallProvider
    let fetcher: DocumentFetcher
    let catalog: Catalog
    let window: StartWindow
    let observer: any SyncObserver

    private struct Progress {
        var wanted: WantedCalls
        var found = 0
        var pages = 0
        var unreadable = 0
        var horizon: CallHorizon
        /// Hashes of the URLs asked for, and of the last page's ids.
        var visited: Set<Int> = []
        var lastPage: Set<Int> = []

        var lacking: Int { wanted.count - found }
    }

    private enum Ending {
        case complete
        /// Let be, for no fault: interrupted, or no time left.
        case stopped
        case failed(String)
    }

    func run() {
        do throws(CatalogError) {
            let wanted = try catalog.beginCallWalk(in: window, callID: provider.callID)
            guard wanted.count > 0 else { return }
            var progress = Progress(
                wanted: wanted, horizon: CallHorizon(oldestWanted: wanted.oldestStart))
            let ending = try walk(&progress)
            var isComplete = false
            if case .complete = ending { isComplete = true }
            try catalog.endCallWalk(isComplete: isComplete)
            report(ending, progress)
        } catch {
            observer.observe(
                .notice(.warning, "who called whom is not known: \(PartyMask.words(error.text))"))
        }
    }

    private func walk(_ progress: inout Progress) throws(CatalogError) -> Ending {
        var cursor = provider.firstPage()
        while true {
            guard progress.visited.insert(cursor.url.text.hashValue).inserted else {
                return .failed("the next page was listed before")
            }
            let page: CallPage
            let then: PageContinuation
            do throws(FetchFailure) {
                let name = "page \(progress.pages + 1) of the calls"
                (page, then) = try fetcher.fetch(
                    cursor.url, name, limit: Self.pageLimit, accept: "application/json"
                ) { (response: Response) throws(UnusableAnswer) in
                    try provider.read(response, at: cursor)
                }
            } catch {
                switch error.kind {
                case .interrupted, .overdue: return .stopped
                default: return .failed(error.reason)
                }
            }
            let isFresh = try take(page, &progress)
            if progress.lacking <= 0 || progress.horizon.isBeyond(page.calls.map(\.start)) {
                return .complete
            }
            switch then {
            case .end: return .complete
            case .next(let next): cursor = next
            case .nextIfFresh(let next):
                if !isFresh { return .complete }
                cursor = next
            case .broken(let reason): return .failed(PartyMask.words(reason))
            }
        }
    }

    /// True when the page brought calls that the one before it had not.
    private func take(
        _ page: CallPage, _ progress: inout Progress
    ) throws(CatalogError) -> Bool {
        progress.pages += 1
        progress.unreadable += page.unreadable
        let found = try catalog.takeCalls(page.calls)
        progress.found += found.count
        for call in found {
            observer.observe(
                .notice(.debug, "the call of '\(call.recording)': \(call.details.masked)"))
        }
        let ids = Set(page.calls.map(\.id.hashValue))
        defer { progress.lastPage = ids }
        return !ids.isSubset(of: progress.lastPage)
    }

    private func report(_ ending: Ending, _ progress: Progress) {
        let lacking = counted(progress.lacking, "recording")
        observer.observe(
            .notice(
                .debug,
                "who called whom: \(progress.found) found on \(counted(progress.pages, "page")) of calls, "
                    + "\(progress.lacking) not"))
        if progress.unreadable > 0 {
            observer.observe(
                .notice(
                    .debug,
                    "\(counted(progress.unreadable, "row")) of the calls without an id"))
        }
        if case .failed(let reason) = ending {
            observer.observe(
                .notice(
                    .warning,
                    "who called whom is not known for \(lacking): \(reason); "
                        + "the next run asks again"))
        }
    }
}
