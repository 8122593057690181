import CallArchive
import Platform
import Testing

@testable import CallArchiveCommands

struct ReportPageTests {
    @Test func `the template's gaps are filled, and its words escaped`() {
        let parts = PageTemplate.parts(title: "of <b>'&\"\u{202e}", words: "{{data}}")
        let head = String(decoding: parts.head, as: UTF8.self)
        let tail = String(decoding: parts.tail, as: UTF8.self)
        #expect(head.contains(#"<title>of &lt;b&gt;&#39;&amp;&quot;\u{202e}</title>"#))
        #expect(head.contains("<noscript><p class=\"notice\">{{data}} This page"))
        for name in ["policy", "title", "style", "script"] {
            #expect(!(head + tail).contains("{{\(name)}}"), "\(name)")
        }
        #expect(tail.hasSuffix("start();\n</script>\n</body>\n</html>\n"))
    }

    /// Each hash is over what stands between its tags, byte for byte: else a browser runs nothing.
    @Test func `the policy names the page's own script and style`() throws {
        let parts = PageTemplate.parts(title: "", words: "")
        let page = String(decoding: parts.head + parts.tail, as: UTF8.self)
        func between(_ start: String, _ end: String) throws -> String {
            let from = try #require(page.firstRange(of: start)).upperBound
            let to = try #require(page[from...].firstRange(of: end)).lowerBound
            return String(page[from..<to])
        }
        func hash(_ text: String) throws -> String {
            let digester = Digester()
            digester.update(Array(text.utf8))
            return Base64.text(try #require(digester.finish()))
        }
        let policy = try between("Content-Security-Policy\" content=\"", "\">")
        let script = try hash(try between("<script>", "</script>"))
        let style = try hash(try between("<style>", "</style>"))
        #expect(
            policy
                == "default-src 'none'; script-src 'sha256-\(script)'; style-src 'sha256-\(style)'; "
                + "media-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'")
    }

    @Test func `the page names nothing on the network`() {
        for bytes in [PackageResources.page_html, PackageResources.page_css]
            + [PackageResources.data_js, PackageResources.page_js, PackageResources.player_js]
        {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(
                !text.contains("https:") && !text.contains("http:") && !text.contains("@import"))
            #expect(
                !text.contains("innerHTML") && !text.contains("eval(") && !text.contains("fetch("))
        }
    }
}

/// RFC 4648, apart from what the program uses.
private enum Base64 {
    static func text(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? letters[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }
}
