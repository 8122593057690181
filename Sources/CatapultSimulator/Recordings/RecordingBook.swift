/// All recordings the provider has: the generated ones, changes to them, and those given.
struct RecordingBook: Sendable {
    private(set) var generated: GeneratedRecordings
    /// Numbers of generated recordings that are gone, in order.
    private var removed: [Int] = []
    private var patches: [String: RecordingPatch] = [:]
    /// Ids of given recordings, before and after the generated ones.
    private var head: [String] = []
    private var tail: [String] = []
    private var given: [String: RecordingRow] = [:]
    /// How many were ever given, for names that don't repeat.
    private var givenSoFar = 0
    /// Names and paths of media that don't follow the generated pattern, to ids.
    private var mediaNames: [String: String] = [:]
    private var mediaPaths: [String: String] = [:]
    private var deletedMedia: Set<String> = []

    init(plan: RecordingPlan, now: Int64) {
        generated = GeneratedRecordings(plan: plan, now: now)
    }

    var count: Int { head.count + generated.plan.count - removed.count + tail.count }

    /// The recording at a place of the listing.
    func row(at position: Int) -> RecordingRow? {
        if position < head.count { return given[head[position]] }
        let alive = generated.plan.count - removed.count
        let inside = position - head.count
        if inside < alive { return generatedRow(at: inside) }
        let last = inside - alive
        return last < tail.count ? given[tail[last]] : nil
    }

    func row(id: String) -> RecordingRow? {
        if let row = given[id] { return row }
        guard let number = generated.number(id: id), !isRemoved(number) else { return nil }
        return patched(generated.row(number))
    }

    /// The recording whose media has this name, or lies at this path.
    func row(mediaName: String) -> RecordingRow? {
        if deletedMedia.contains(mediaName) { return nil }
        if let id = mediaNames[mediaName] { return row(id: id) }
        guard let number = generated.number(mediaName: mediaName), !isRemoved(number) else {
            return nil
        }
        let row = patched(generated.row(number))
        return row.mediaName == mediaName ? row : nil
    }

    func row(mediaPath: String) -> RecordingRow? {
        mediaPaths[mediaPath].flatMap { row(id: $0) }
    }

    mutating func put(_ patch: RecordingPatch) {
        let changed: RecordingRow
        if let row = given[patch.id] {
            changed = patch.applied(to: row)
            given[patch.id] = changed
        } else if let number = generated.number(id: patch.id), !isRemoved(number) {
            let merged = patches[patch.id]?.merged(with: patch) ?? patch
            patches[patch.id] = merged
            changed = merged.applied(to: generated.row(number))
        } else {
            givenSoFar += 1
            changed = patch.applied(to: newRow(id: patch.id, place: givenSoFar))
            given[patch.id] = changed
            if patch.head == true { head.insert(patch.id, at: 0) } else { tail.append(patch.id) }
        }
        if patch.mediaName != nil || given[patch.id] != nil {
            mediaNames[changed.mediaName] = patch.id
        }
        if case .string(let media)? = patch.members?["media"], media.hasPrefix("{origin}/") {
            let path = media.dropFirst("{origin}".count).prefix { $0 != "?" && $0 != "#" }
            mediaPaths[TextCoding.percentDecoded(path)] = patch.id
        }
        deletedMedia.remove(changed.mediaName)
    }

    /// Takes a recording out of the listing and its media away.
    mutating func remove(id: String) -> Bool {
        if given.removeValue(forKey: id) != nil {
            head.removeAll { $0 == id }
            tail.removeAll { $0 == id }
            return true
        }
        guard let number = generated.number(id: id), !isRemoved(number) else { return false }
        patches[id] = nil
        removed.insert(number, at: insertionPoint(number))
        return true
    }

    /// Takes only the media away: the row stays, its media answers 404.
    mutating func removeMedia(of id: String) -> Bool {
        guard let row = row(id: id) else { return false }
        deletedMedia.insert(row.mediaName)
        return true
    }

    /// Other bytes and another ETag from now on.
    mutating func changeMedia(of id: String) -> Bool {
        guard let row = row(id: id) else { return false }
        put(RecordingPatch(id: id, version: row.version + 1))
        return true
    }

    /// Forgets changes, given and removed recordings, and generates by another plan.
    mutating func replace(plan: RecordingPlan, now: Int64) {
        self = RecordingBook(plan: plan, now: now)
    }

    private func generatedRow(at index: Int) -> RecordingRow {
        let alive = generated.plan.count - removed.count
        let wanted = generated.plan.newestFirst ? alive - 1 - index : index
        // The wanted-th number that is not removed: step over the removed ones below it.
        var number = wanted + 1
        var low = 0
        var high = removed.count
        while low < high {
            let middle = (low + high) / 2
            if removed[middle] - middle <= number { low = middle + 1 } else { high = middle }
        }
        number += low
        return patched(generated.row(number))
    }

    private func patched(_ row: RecordingRow) -> RecordingRow {
        patches.isEmpty ? row : patches[row.id]?.applied(to: row) ?? row
    }

    private func newRow(id: String, place: Int) -> RecordingRow {
        let call = "c-given-\(place)"
        return RecordingRow(
            id: id, state: "complete", startTime: generated.epoch - 3_600_000, callID: call,
            mediaName: "\(call)-1.wav", shape: MediaShape(kind: .pcm, size: 16_384))
    }

    private func insertionPoint(_ number: Int) -> Int {
        var low = 0
        var high = removed.count
        while low < high {
            let middle = (low + high) / 2
            if removed[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func isRemoved(_ number: Int) -> Bool {
        let point = insertionPoint(number)
        return point < removed.count && removed[point] == number
    }
}
