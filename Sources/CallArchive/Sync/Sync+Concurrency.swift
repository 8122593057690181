import Platform

// Downloads at once, and the limit of open files.
extension Sync {
    static func concurrency(_ settings: SyncSettings) -> Int {
        let wanted = settings.concurrency
        return LaneCount.concurrency(
            wanted, openFiles: allowOpenFiles(LaneCount.openFiles(concurrency: wanted)))
    }

    /// Fewer than were asked for are said, with what would mend it.
    func noteConcurrency(_ concurrency: Int) {
        guard concurrency < settings.concurrency else { return }
        observer.observe(
            .notice(
                .warning,
                "\(concurrency) downloads at once, not \(settings.concurrency): no more files may "
                    + "be open; raise the limit (ulimit -n)"))
    }
}
