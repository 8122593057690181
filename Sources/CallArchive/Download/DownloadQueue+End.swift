import Platform
import Synchronization
import Transfer

// The queue's end, and what it has to tell.
extension DownloadQueue {
    /// Nothing new starts; the first reason counts.
    func stop(_ error: ArchiveError) {
        state.withLock { state in
            state.stop = ArchiveError.graver(state.stop, error)
            state.order.close(.stopped)
        }
        // With nowhere to put them, the bytes of running transfers only make it worse.
        if error.kind == .storage {
            lanes.withLock { $0 }?.stop()
        } else {
            wake(all: true)
        }
    }

    /// `--max-duration` has gone by.
    var isOver: Bool { limits.deadline.map { MonotonicClock.now() >= $0 } ?? false }

    var hasStopped: Bool { state.withLock { $0.stop != nil } }

    /// What was left unfinished, with what a later run can resume; after the lanes' end.
    func leftovers() -> [(row: Int64, partial: Partial?)] {
        let downloads = state.withLock { state in
            defer {
                state.interrupted = []
                state.downloads = [:]
            }
            return state.interrupted + Array(state.downloads.values)
        }
        return downloads.map { download in
            do throws(SystemCallError) {
                return (download.claim.row, try download.partialToKeep())
            } catch {
                return (download.claim.row, nil)
            }
        }
    }

    /// What the run did, into the outcome.
    func report(into outcome: inout SyncOutcome) {
        state.withLock { state in
            outcome.newlyArchived = state.progress.filesDone
            outcome.newBytes = state.newBytes
            outcome.newlyFailed = state.progress.failed
            outcome.requests += state.requests
            outcome.retries += state.progress.retries
            outcome.refused += state.refused
            outcome.error = ArchiveError.graver(outcome.error, state.stop)
            outcome.budgetReached = state.order.closure == .budget
        }
    }

    var progress: SyncProgress {
        let now = MonotonicClock.now()
        return state.withLock { state in
            var progress = state.progress
            progress.active = group.count
            progress.bytesDone = context.bytesDone.value
            if now < state.pacer.pausedUntil {
                let rest = (state.pacer.pausedUntil - now + 999_999_999) / 1_000_000_000
                progress.waitingFor = "rate limit, \(rest) s"
            } else if progress.active == 0, let due = state.order.nextDue, due > now {
                progress.waitingFor = "retry, \((due - now + 999_999_999) / 1_000_000_000) s"
            }
            return progress
        }
    }
}
