/// Which lane takes what; a pure value.
///
/// The first lanes are shared: they take all that comes, and on small recordings few loops are
/// cheapest. A large recording keeps a loop busy with writing, which holds up the others on it, so
/// it goes to a lane that has nothing else while there is one; the lanes behind the shared ones
/// are for that alone.
struct LaneSpread: Sendable {
    enum Verdict: Equatable {
        case take
        /// Not for this lane; for that one, which should be told.
        case leave(to: Int?)
    }

    /// Shared lanes, and all of them.
    let shared: Int
    let all: Int
    /// Transfers on a shared lane, at most.
    let perLane: Int
    /// Transfers on each lane.
    private var load: [Int]

    init(shared: Int, all: Int, concurrency: Int) {
        self.shared = max(1, shared)
        self.all = max(self.shared, all)
        perLane = (concurrency + self.shared - 1) / self.shared
        load = Array(repeating: 0, count: self.all)
    }

    /// How many transfers the lane may have.
    func room(of lane: Int) -> Int { lane < shared ? perLane : 1 }

    /// Whether a lane that runs `active` transfers takes the recording that is next.
    mutating func verdict(lane: Int, active: Int, isLarge: Bool) -> Verdict {
        load[lane] = active
        guard isLarge else { return lane < shared ? .take : .leave(to: leastLoaded) }
        if active == 0 { return .take }
        guard let free = load.firstIndex(of: 0) else { return .take }
        return .leave(to: free)
    }

    /// The shared lane with the most room; nil when all are full.
    private var leastLoaded: Int? {
        (0..<shared).min { load[$0] < load[$1] }.flatMap { load[$0] < perLane ? $0 : nil }
    }

    mutating func started(lane: Int) {
        load[lane] += 1
    }

    /// One of the lane's transfers is over; it asks for another soon, but others may do so first.
    mutating func ended(lane: Int) {
        load[lane] = max(0, load[lane] - 1)
    }
}
