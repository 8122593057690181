import CallArchive
import CallArchiveCommands
import Testing

struct ErrorTextTests {
    @Test func `what, why, causes and hint have a line each`() {
        let error = ArchiveError(
            .storage, "cannot open the archive '/srv/calls'", why: "it is a file",
            causes: ["one", "two"], hint: "move it away")
        #expect(
            ErrorText.render(error) == """
                error: cannot open the archive '/srv/calls': it is a file
                  caused by: one
                  caused by: two
                  hint: move it away

                """)
    }

    @Test func `nothing in it reaches the terminal as it is`() {
        let evil = "\u{1b}[2J\r\n\u{9b}\u{7f}\u{202e}\u{2028}\u{200b}\0"
        let error = ArchiveError(.bug, evil, why: evil, causes: [evil], hint: evil)
        let text = ErrorText.render(error)
        let shown = #"\x1b[2J\r\n\x9b\x7f\u{202e}\u{2028}\u{200b}\x00"#
        #expect(
            text == "error: \(shown): \(shown)\n  caused by: \(shown)\n  hint: \(shown)\n")
    }

    @Test(arguments: [
        ("", ""), ("plain text, ümläut, 日本", "plain text, ümläut, 日本"), ("a\tb", #"a\tb"#),
        (#"a\b"#, #"a\b"#), ("\u{1}", #"\x01"#), ("e\u{301}", "e\u{301}"),
    ])
    func `harmless text stays as it is`(text: String, expected: String) {
        #expect(escaped(text) == expected)
    }

    @Test func `long texts are cut in quotes`() {
        #expect(quoted(String(repeating: "x", count: 500)).count == 123)
    }
}
