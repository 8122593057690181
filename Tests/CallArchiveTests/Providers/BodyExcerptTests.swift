import CallArchive
import Testing

@Suite struct BodyExcerptTests {
    @Test(arguments: [
        ("", ""), ("  Not \r\n found\t", "Not found"), ("a\u{1B}[2Jb", "a [2Jb"),
        ("a\u{202E}b\u{0}c", "a b c"), ("é€😀", "é€😀"),
        ("<h1>Bad</h1><p>Gateway", "Bad Gateway"), ("<p>a<script>if (1) {}</script>b", "a b"),
        (" <!DOCTYPE html><b>x</b>", "x"), ("<unfinished", ""),
    ])
    func `the text is one printable line`(body: String, text: String) {
        #expect(BodyExcerpt.text(Array(body.utf8)) == text)
    }

    @Test func `it is cut at 200 characters and takes invalid bytes`() {
        let long = BodyExcerpt.text([UInt8](repeating: UInt8(ascii: "x"), count: 100_000))
        #expect(long == String(repeating: "x", count: 200) + "…")
        #expect(BodyExcerpt.text([0xFF, 0x41]) == "\u{FFFD}A")
    }
}
