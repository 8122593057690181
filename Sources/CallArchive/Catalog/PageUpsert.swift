/// A page on its way into the catalog, and what has come of it so far.
struct PageUpsert {
    let page: [Recording]
    var walk: Walk
    var fresh = FreshRows()
    var change = PageChange()
    var hasChanged = false
    /// The first place in the order of claims at which something became due.
    var earliest: ClaimState.Position?
    /// Something that was taken for fresh was not.
    var looksUpEach = false

    init(_ page: [Recording], _ walk: Walk) {
        self.page = page
        self.walk = walk
    }

    /// What follows a recording that the catalog doesn't have seldom is there either, as in a first
    /// listing: it need not be looked up, since the insertion of what is there fails.
    var assumesNew: Bool { !looksUpEach && !fresh.isEmpty }

    struct Outcome {
        var isFresh = false
        var hasChanged = false
        var isDue = false
        /// It may be due, at another place in the order than before.
        var hasMoved = false
    }

    mutating func note(_ index: Int, _ outcome: Outcome) {
        if outcome.isFresh { change.fresh += 1 }
        if outcome.isDue { change.due += 1 }
        if outcome.isDue || outcome.hasMoved {
            let position = ClaimState.Position(page[index])
            earliest = earliest.map { min($0, position) } ?? position
        }
        guard outcome.hasChanged else { return }
        hasChanged = true
        if case .unknown(let word) = page[index].state { change.unknownStates.append(word) }
    }
}

/// Recordings of a page that the catalog doesn't have yet, on their way into it: several with one
/// statement, since opening the table and its indexes costs as much as half a row.
struct FreshRows {
    static let most = 16

    /// Inserts one row.
    static let singleInsertion = insertion(of: 1)
    /// Inserts as many as there can be.
    static let insertion = insertion(of: most)

    private static func insertion(of count: Int) -> String {
        """
        INSERT INTO recordings (id, source, state, start_time, end_time, call, media,
            start_key, status, error_code, error_message)
        VALUES \(repeatElement("(?, x'', ?, ?, ?, ?, ?, ?, ?, ?, ?)", count: count).joined(separator: ", "))
        """
    }

    /// Places in the page.
    private var places: [Int] = []

    var isEmpty: Bool { places.isEmpty }
    var isFull: Bool { places.count >= Self.most }

    func contains(_ id: String, in page: [Recording]) -> Bool {
        places.contains { page[$0].id == id }
    }

    mutating func append(_ place: Int) {
        places.append(place)
    }

    /// All of them, in order; none are left.
    mutating func take() -> [Int] {
        defer { places.removeAll(keepingCapacity: true) }
        return places
    }
}
