/// A set of catalog rows, one bit each: a million rows take 125 kB.
package struct RowSet: Sendable {
    private var words: [UInt64] = []

    package init() {}

    package func contains(_ row: Int64) -> Bool {
        let word = Int(row >> 6)
        return word < words.count && words[word] & (1 << UInt64(row & 63)) != 0
    }

    /// Adds the row; false when it was there.
    @discardableResult
    package mutating func insert(_ row: Int64) -> Bool {
        if contains(row) { return false }
        let word = Int(row >> 6)
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
        }
        words[word] |= 1 << UInt64(row & 63)
        return true
    }

    package mutating func remove(_ row: Int64) {
        if contains(row) { words[Int(row >> 6)] &= ~(1 << UInt64(row & 63)) }
    }
}
