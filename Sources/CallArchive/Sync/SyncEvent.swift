/// What happens in a run, in order; shown by the commands layer as log, progress or NDJSON.
package enum SyncEvent: Sendable {
    case runStarted(run: Int64, archive: String, account: String)
    /// One page of the listing is in the catalog; `page` counts from 1.
    case pageListed(page: Int, rows: Int)
    /// Durable under its final name and in the catalog.
    case recordingArchived(ArchiveEntry)
    case recordingFailed(id: String, status: ArchiveStatus, error: FailureRecord)
    /// `id` is nil for a page of the listing.
    case retrying(id: String?, attempt: Int, after: Duration, cause: String)
    /// Requests of the family rest.
    case paced(family: String, pause: Duration, cause: String)
    /// The user's program took it; `words` are the last lines that it wrote, as they came.
    case handedOver(ArchiveEntry, took: Duration, words: [String])
    /// The user's program failed for it; `attempts` are those of all runs.
    case handoverFailed(ArchiveEntry, attempts: Int, message: String)
    case notice(NoticeLevel, String)
    case runFinished(SyncOutcome)
}

package enum NoticeLevel: String, Sendable {
    case debug, info, warning, error
}

/// Receives the events, from any thread; returns quickly.
package protocol SyncObserver: Sendable {
    func observe(_ event: SyncEvent)
    /// Whether `recordingArchived` is wanted; looking each entry up costs time.
    var wantsEntries: Bool { get }
}

extension SyncObserver {
    package var wantsEntries: Bool { true }
}

/// How a run ended.
package struct SyncOutcome: Sendable, Equatable {
    package var summary = ArchiveSummary()
    /// The walk reached its end.
    package var listingComplete = false
    package var pages = 0
    /// Archived by this run, and their bytes.
    package var newlyArchived = 0
    package var newBytes: Int64 = 0
    /// `failed` by this run's attempts.
    package var newlyFailed = 0
    /// The user's program took so many, failed for so many, and so many are left for the next run.
    package var handedOver = 0
    package var handoversFailed = 0
    package var handoversLeft = 0
    /// `--max-files` or `--max-duration` ended the run with work left.
    package var budgetReached = false
    /// SIGINT or SIGTERM, when one ended the run.
    package var interruptedBy: Int32?
    /// What stopped the run early; its kind rules the exit status.
    package var error: ArchiveError?
    /// HTTP requests made, retries and refusals (429) among them.
    package var requests = 0
    package var retries = 0
    package var refused = 0
    package var elapsed = Duration.zero

    package init() {}
}

/// A look at a running sync, for the progress line.
package struct SyncProgress: Sendable, Equatable {
    /// Archived in this run / to be archived by it, as far as listed.
    package var filesDone = 0
    package var filesTotal = 0
    package var bytesDone: Int64 = 0
    package var retries = 0
    package var failed = 0
    package var active = 0
    package var pagesListed = 0
    package var listingFinished = false
    /// What everything waits for at the moment, as "rate limit, 12 s".
    package var waitingFor: String?

    package init() {}
}
