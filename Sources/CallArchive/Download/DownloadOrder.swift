/// Which download is next; a pure value over catalog rows and monotonic times (ns).
struct DownloadOrder {
    enum Closure: Equatable {
        /// `--max-files` or `--max-duration`.
        case budget
        /// An error or an interruption.
        case stopped
    }

    enum Next: Equatable {
        case some(Int64)
        /// Nothing now; something at that time, or when told.
        case none(until: Int64?)
        case finished
    }

    /// Claims held ready; fewer ask for more.
    private static let low = 128
    private static let batch = 256
    /// With more than so many waiting for their next attempt nothing new starts: memory stays
    /// bounded when everything fails.
    private static let mostDelayed = 2048

    private var ready: [Int64] = []
    private var readyIndex = 0
    private var delayed = DueHeap()
    private var inFlight = 0
    private var producers: Int
    /// Claims that may still be made; nil without a budget.
    private var budget: Int?
    private(set) var isExhausted = false
    private(set) var closure: Closure?

    init(producers: Int, budget: Int?) {
        self.producers = producers
        self.budget = budget
    }

    private var readyCount: Int { ready.count - readyIndex }
    var isLow: Bool { readyCount < Self.low }
    var isClosed: Bool { closure != nil }
    var hasNoProducers: Bool { producers == 0 }
    var claimLimit: Int { min(Self.batch, budget ?? .max) }
    var nextDue: Int64? { delayed.first?.due }

    /// Nothing waits, runs or will come.
    var isDrained: Bool {
        inFlight == 0 && (isClosed || isExhausted && readyCount == 0 && delayed.isEmpty)
    }

    mutating func peek(now: Int64) -> Next {
        if isDrained { return .finished }
        if isClosed { return .none(until: nil) }
        if let first = delayed.first, first.due <= now { return .some(first.row) }
        if readyCount > 0, delayed.count < Self.mostDelayed { return .some(ready[readyIndex]) }
        return .none(until: delayed.first?.due)
    }

    /// What `peek` gave is on its way.
    mutating func start(_ row: Int64) {
        inFlight += 1
        if readyCount > 0, ready[readyIndex] == row {
            readyIndex += 1
            if readyIndex > 1024 && readyIndex * 2 > ready.count {
                ready.removeFirst(readyIndex)
                readyIndex = 0
            }
        } else {
            delayed.removeFirst()
        }
    }

    mutating func finish(_ row: Int64) {
        inFlight -= 1
    }

    mutating func again(_ row: Int64, at due: Int64) {
        inFlight -= 1
        delayed.insert(.init(due: due, row: row))
    }

    /// Claims have come; `isEnd`: and none will after them.
    mutating func offer(_ rows: [Int64], isEnd: Bool) {
        ready.append(contentsOf: rows)
        if isEnd { isExhausted = true }
        if let left = budget {
            budget = left - rows.count
            if left - rows.count <= 0 { isExhausted = true }
        }
    }

    /// Something new may be due, though the catalog had nothing before.
    mutating func revive() {
        if budget ?? 1 > 0 { isExhausted = false }
    }

    mutating func producerEnded() {
        producers -= 1
    }

    mutating func close(_ reason: Closure) {
        if closure == nil || reason == .stopped && closure == .budget { closure = reason }
    }
}

/// A heap of downloads by when they are due.
struct DueHeap {
    struct Element: Equatable {
        var due: Int64
        var row: Int64
    }

    private var elements: [Element] = []

    var first: Element? { elements.first }
    var isEmpty: Bool { elements.isEmpty }
    var count: Int { elements.count }

    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child].due < elements[parent].due else { break }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = elements.popLast(), !elements.isEmpty else { return }
        elements[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < elements.count && elements[child].due < elements[smallest].due {
                smallest = child
            }
            if smallest == parent { return }
            elements.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
