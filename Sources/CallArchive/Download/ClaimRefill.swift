/// When claims are fetched from the catalog; a pure value.
///
/// One fetch at a time. What is told while one is under way may have come behind what it read, so
/// the catalog counts as empty only when nothing was told meanwhile.
struct ClaimRefill: Equatable {
    private(set) var isRunning = false
    private var isWanted = false
    /// The last claims were all there were.
    private var isCatalogEmpty = false

    /// There may be something in the catalog, or nothing more will come; true when the fetching
    /// must be started.
    mutating func told() -> Bool {
        isCatalogEmpty = false
        return start()
    }

    /// Few claims are left; true when the fetching must be started.
    mutating func low() -> Bool {
        isCatalogEmpty ? false : start()
    }

    private mutating func start() -> Bool {
        isWanted = true
        defer { isRunning = true }
        return !isRunning
    }

    /// Before each fetch; `hasRoom`: claims can be taken in. False ends the fetching.
    mutating func next(hasRoom: Bool) -> Bool {
        isRunning = isWanted && hasRoom
        isWanted = false
        return isRunning
    }

    /// After each fetch; `isAll`: there was no more than it took.
    mutating func fetched(isAll: Bool) {
        if isAll {
            isCatalogEmpty = !isWanted
        } else {
            isWanted = true
        }
    }
}
