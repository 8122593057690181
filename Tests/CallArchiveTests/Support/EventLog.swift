import CallArchive
import Platform
import Synchronization

/// Collects what a run tells.
final class EventLog: SyncObserver {
    private let log = Locked<[SyncEvent]>([])

    var events: [SyncEvent] { log.withLock { $0 } }

    func observe(_ event: SyncEvent) {
        log.withLock { $0.append(event) }
    }

    /// Ids in the order in which they were archived.
    var archived: [String] {
        events.compactMap {
            if case .recordingArchived(let entry) = $0 { entry.id } else { nil }
        }
    }

    var failed: [(id: String, error: FailureRecord)] {
        events.compactMap {
            if case .recordingFailed(let id, _, let error) = $0 { (id, error) } else { nil }
        }
    }

    /// Notices of this level.
    func notices(_ level: NoticeLevel) -> [String] {
        events.compactMap {
            if case .notice(level, let text) = $0 { text } else { nil }
        }
    }
}
