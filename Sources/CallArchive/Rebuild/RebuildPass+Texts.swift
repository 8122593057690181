import Platform

// Transcriptions that the manifest tells of: as with audio, the bytes decide.
extension RebuildPass {
    /// Leaves out the files that aren't there or aren't what they were; the states stay.
    func judgeTexts(_ entries: inout [ArchiveEntry]) throws(ArchiveError) {
        var jobs: [(index: Int, job: FileJob)] = []
        for index in entries.indices {
            guard let text = entries[index].transcription, let file = text.file else { continue }
            guard ArchiveTree.isPlausible(file), file.hasSuffix(".txt"),
                let sha256 = text.sha256.flatMap(Hex.bytes), sha256.count == 32
            else {
                entries[index].transcription = Transcription(state: text.state)
                continue
            }
            jobs.append((index, FileJob(file: file, bytes: text.bytes, sha256: sha256)))
        }
        guard !jobs.isEmpty else { return }
        let results = try check(jobs.map(\.job))
        for ((index, job), result) in zip(jobs, results) {
            switch result {
            case .intact: continue
            case .missing: note("'\(job.file)' is missing")
            case .size(let size):
                try moveAside(job.file, "has \(counted(size, "byte")), not \(job.bytes ?? 0)")
            case .hash:
                try moveAside(job.file, "has another SHA-256 than the manifest says")
            case .unreadable(let reason): note("'\(job.file)' cannot be read: \(reason)")
            }
            entries[index].transcription = entries[index].transcription.map {
                Transcription(state: $0.state)
            }
        }
    }
}
