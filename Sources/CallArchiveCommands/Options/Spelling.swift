/// Finds what a mistyped word was meant to be.
package enum Spelling {
    /// The nearest candidate, when it is near enough to be worth naming.
    ///
    /// Near: at most two slips, or a third of the word for long ones; else the only candidate
    /// that begins with the word (of two letters or more).
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let typed = word.lowercased()
        let allowed = max(1, min(3, typed.count / 3))
        let ranked = candidates.map { (distance(typed, $0.lowercased()), $0) }
        if let best = ranked.min(by: { $0.0 < $1.0 }), best.0 <= allowed {
            return best.1
        }
        let longer = candidates.filter { typed.count >= 2 && $0.lowercased().hasPrefix(typed) }
        return longer.count == 1 ? longer.first : nil
    }

    /// Damerau-Levenshtein: insertions, deletions, changes, swaps of neighbours.
    package static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars.prefix(64))
        let b = Array(right.unicodeScalars.prefix(64))
        var beforeLast = [Int]()
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
