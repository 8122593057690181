/// The recordings of a plan, each made from its number alone: 1 to count.
struct GeneratedRecordings: Sendable {
    let plan: RecordingPlan
    let epoch: Int64
    private let kinds: [(kind: AudioKind, upTo: Double)]
    private let states: [(word: String, upTo: Double)]

    init(plan: RecordingPlan, now: Int64) {
        self.plan = plan
        epoch = plan.epoch ?? now / 3_600_000 * 3_600_000
        let weight = plan.kinds.values.reduce(0, +)
        var sum = 0.0
        kinds = plan.kinds.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, share in
            sum += share / max(weight, .leastNormalMagnitude)
            return (kind, sum)
        }
        sum = 0
        states = plan.states.sorted { $0.key < $1.key }.map { word, share in
            sum += share
            return (word, sum)
        }
    }

    func row(_ number: Int) -> RecordingRow {
        let hash = StableHash.mixed(UInt64(number))
        let kindShare = StableHash.fraction(hash ^ 1)
        let stateShare = StableHash.fraction(hash ^ 2)
        let width = UInt64(plan.sizes.upperBound - plan.sizes.lowerBound) + 1
        let size = plan.sizes.lowerBound + Int64(StableHash.mixed(hash ^ 3) % width)
        let kind = kinds.first { kindShare < $0.upTo }?.kind ?? .pcm
        let shape = MediaShape(kind: kind, size: size)
        let call = (number - 1) / max(1, plan.recordingsPerCall) + 1
        let ofCall = (number - 1) % max(1, plan.recordingsPerCall) + 1
        let callID = "c-" + Self.padded(call)
        return RecordingRow(
            id: "r-" + Self.padded(number),
            state: states.first { stateShare < $0.upTo }?.word ?? "complete",
            isOldSpelling: StableHash.fraction(hash ^ 4) < plan.oldSpelling,
            startTime: startTime(number, hash: hash) - shape.milliseconds, callID: callID,
            mediaName: "\(callID)-\(ofCall).\(kind.fileExtension)", shape: shape)
    }

    /// The number of a generated id, whether or not it is within the plan's count.
    func number(id: String) -> Int? {
        guard id.hasPrefix("r-") else { return nil }
        return checked(id.dropFirst(2)) { Self.padded($0) }
    }

    /// The number of a recording by its media's name.
    func number(mediaName: String) -> Int? {
        guard mediaName.hasPrefix("c-") else { return nil }
        let parts = mediaName.dropFirst(2).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let call = checked(parts[0], { Self.padded($0) }),
            let dot = parts[1].firstIndex(of: "."), let ofCall = Int(parts[1][..<dot]),
            ofCall >= 1, ofCall <= plan.recordingsPerCall
        else { return nil }
        let number = (call - 1) * plan.recordingsPerCall + ofCall
        guard number <= plan.count, row(number).mediaName == mediaName else { return nil }
        return number
    }

    func number(callID: String) -> Int? {
        guard callID.hasPrefix("c-") else { return nil }
        return checked(callID.dropFirst(2)) { Self.padded($0) }
    }

    var callCount: Int {
        (plan.count + plan.recordingsPerCall - 1) / max(1, plan.recordingsPerCall)
    }

    /// Six digits, more when needed.
    static func padded(_ number: Int) -> String {
        let digits = String(number)
        return digits.utf8.count >= 6
            ? digits : String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// Evenly over the plan's days, up to 999 ms off, in order of the number.
    private func startTime(_ number: Int, hash: UInt64) -> Int64 {
        let span = plan.days * 86_400_000
        let place = Double(number - 1) / Double(max(1, plan.count)) * span
        return epoch - Int64(span) + Int64(place) - Int64(hash % 1000)
    }

    private func checked(_ digits: Substring, _ spelling: (Int) -> String) -> Int? {
        guard let number = Int(digits), number >= 1, number <= plan.count,
            spelling(number) == digits
        else { return nil }
        return number
    }
}
