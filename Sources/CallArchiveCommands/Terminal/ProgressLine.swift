package import CallArchive

/// The progress line's text.
package enum ProgressLine {
    /// Fits into `width` columns less one; what matters least is left out first.
    ///
    /// As `128/1,034 files  201.3 MiB  12.4 MiB/s  1 min 5 s left  3 retries  1 failed
    /// waiting: rate limit, 12 s`; before anything is to do `listing, page 3`; with `1,000+` as
    /// long as the listing goes on.
    package static func render(
        _ progress: SyncProgress, width: Int, history: ProgressHistory
    ) -> String {
        let room = max(1, width - 1)
        var parts = segments(progress, history)
        while length(parts) > room, parts.count > 1 {
            guard let least = parts.indices.max(by: { parts[$0].rank < parts[$1].rank })
            else { break }
            parts.remove(at: least)
        }
        return String(joined(parts).prefix(room))
    }

    private struct Segment {
        let text: String
        /// The higher, the sooner it is left out.
        let rank: Int
    }

    private static func segments(
        _ progress: SyncProgress, _ history: ProgressHistory
    ) -> [Segment] {
        var parts = [Segment(text: head(progress), rank: 0)]
        if progress.bytesDone > 0 {
            parts.append(Segment(text: Wording.bytes(progress.bytesDone), rank: 5))
        }
        if let rate = history.bytesPerSecond, progress.bytesDone > 0 {
            parts.append(Segment(text: "\(Wording.bytes(Int64(rate)))/s", rank: 4))
        }
        let remaining = progress.filesTotal - progress.filesDone
        if progress.listingFinished, let left = history.timeLeft(remaining: remaining) {
            parts.append(Segment(text: "\(Wording.duration(left)) left", rank: 3))
        }
        if progress.retries > 0 {
            parts.append(
                Segment(text: Wording.count(progress.retries, "retry", "retries"), rank: 6))
        }
        if progress.failed > 0 {
            parts.append(Segment(text: "\(Wording.count(progress.failed)) failed", rank: 2))
        }
        if let reason = progress.waitingFor {
            parts.append(Segment(text: "waiting: \(escaped(reason))", rank: 1))
        }
        return parts
    }

    private static func head(_ progress: SyncProgress) -> String {
        if progress.filesTotal == 0, !progress.listingFinished {
            return progress.pagesListed == 0
                ? "listing" : "listing, page \(Wording.count(progress.pagesListed))"
        }
        let total = Wording.count(progress.filesTotal) + (progress.listingFinished ? "" : "+")
        return "\(Wording.count(progress.filesDone))/\(total) files"
    }

    private static func joined(_ parts: [Segment]) -> String {
        parts.map(\.text).joined(separator: "  ")
    }

    private static func length(_ parts: [Segment]) -> Int {
        joined(parts).count
    }
}
