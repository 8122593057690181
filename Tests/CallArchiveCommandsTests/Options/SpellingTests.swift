import CallArchiveCommands
import Testing

struct SpellingTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("abc", "acb", 1), ("abc", "abcd", 1),
        ("abc", "bc", 1), ("abc", "axc", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
    ])
    func `distance counts slips`(left: String, right: String, expected: Int) {
        #expect(Spelling.distance(left, right) == expected)
        #expect(Spelling.distance(right, left) == expected)
    }

    @Test(
        arguments: [
            ("concurency", "concurrency"), ("conc", "concurrency"), ("QUIET", "quiet"),
            ("re", nil), ("x", nil), ("frobnicate", nil), ("retires", "retries"),
            ("qiuet", "quiet"),
        ] as [(String, String?)])
    func `only what is near is named`(word: String, expected: String?) {
        let names = ["concurrency", "quiet", "retries", "retry-gone", "request-rate"]
        #expect(Spelling.nearest(to: word, among: names) == expected)
    }
}
