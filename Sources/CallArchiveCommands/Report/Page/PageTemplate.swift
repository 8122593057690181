import FoundationEssentials
import Platform

/// The page's own text around its data: markup, style and script, embedded in the program.
///
/// The three lie under `Web`, as files that a browser and an editor know. `page.html` names its
/// gaps in double braces.
enum PageTemplate {
    /// In the order in which they are joined.
    private static let scripts = [
        PackageResources.text_js, PackageResources.data_js, PackageResources.table_js,
        PackageResources.plot_js, PackageResources.player_js, PackageResources.page_js,
    ]

    /// Everything before the data and everything behind it; `title` and `words` (for a browser
    /// that runs no scripts) are plain text.
    static func parts(title: String, words: String) -> (head: [UInt8], tail: [UInt8]) {
        let style = PackageResources.page_css
        let script = Array(scripts.joined())
        var head: [UInt8] = []
        var tail: [UInt8] = []
        var isHead = true
        func add(_ bytes: some Sequence<UInt8>) {
            if isHead { head += bytes } else { tail += bytes }
        }
        var rest = PackageResources.page_html[...]
        while let gap = Gap.first(in: rest) {
            add(rest[..<gap.start])
            switch gap.name {
            case "policy": add(policy(style: style, script: script).utf8)
            case "title": add(html(title))
            case "words": add(html(words))
            case "style": add(style)
            case "script": add(script)
            case "data": isHead = false
            default: break
            }
            rest = rest[gap.end...]
        }
        add(rest)
        return (head, tail)
    }

    /// Nothing is loaded but the recordings beside the page, and nothing runs but the page's own
    /// script. `file:` is there because an opened file has no origin that 'self' could name.
    private static func policy(style: [UInt8], script: [UInt8]) -> String {
        "default-src 'none'; script-src '\(hash(script))'; style-src '\(hash(style))'; "
            + "media-src 'self' file:; img-src data:; base-uri 'none'; form-action 'none'"
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        let digester = Digester()
        digester.update(bytes)
        return "sha256-" + Data(digester.finish() ?? []).base64EncodedString()
    }

    /// A text as it may stand in an element or an attribute.
    static func html(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in escaped(text).utf8 {
            switch byte {
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}

/// A `{{name}}` in the template.
private struct Gap {
    var start: Int
    var end: Int
    var name: String

    static func first(in bytes: ArraySlice<UInt8>) -> Gap? {
        let brace = UInt8(ascii: "{")
        var index = bytes.startIndex
        while let start = bytes[index...].firstIndex(of: brace), start + 1 < bytes.endIndex {
            index = start + 1
            guard bytes[index] == brace,
                let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")),
                close + 1 < bytes.endIndex, bytes[close + 1] == UInt8(ascii: "}")
            else { continue }
            let name = String(decoding: bytes[(start + 2)..<close], as: UTF8.self)
            return Gap(start: start, end: close + 2, name: name)
        }
        return nil
    }
}
