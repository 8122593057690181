import Platform

// Downloads at once, and the limit of open files.
extension Sync {
    static func downloadsAtOnce(_ settings: SyncSettings) -> (Int, LaneSpread) {
        let wanted = settings.concurrency
        // A pipe and a descriptor of its process for each program that runs beside.
        let beside = settings.handover.program == nil ? 0 : 2 * settings.handover.jobs
        let enough = max(plenty, LaneCount.openFiles(concurrency: wanted) + beside)
        let files = allowOpenFiles(enough) - beside
        let concurrency = LaneCount.concurrency(wanted, openFiles: files)
        let shared = LaneCount.shared(concurrency: concurrency)
        let own = LaneCount.own(concurrency: concurrency, openFiles: files)
        return (
            concurrency, LaneSpread(shared: shared, all: shared + own, concurrency: concurrency)
        )
    }

    /// As many as a run never comes to; more are not taken, even where they are allowed.
    private static let plenty = 2048

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
