import CallArchive
import CallArchiveCommands
import Testing

struct ConfigFileTests {
    private func config(_ text: String) throws(ArchiveError) -> ConfigFile {
        try ConfigFile(path: "/etc/callarchive.json5", bytes: Array(text.utf8))
    }

    @Test func `values become what would stand on the command line`() throws {
        let file = try config(
            """
            // nightly
            {
              archive: '/srv/calls', /* a comment
              over two lines */ "user-id": "u-1",
              concurrency: 8, retries: 0x10,
              quiet: true, verbose: false,
              'min-free': 1073741824,
              "media-host": ["a.example", 'b.example'],
              until: null,
            }
            """)
        #expect(file.entries["archive"]?.texts == ["/srv/calls"])
        #expect(file.entries["user-id"]?.texts == ["u-1"])
        #expect(file.entries["concurrency"]?.texts == ["8"])
        #expect(file.entries["retries"]?.texts == ["16"])
        #expect(file.entries["quiet"]?.texts == ["1"])
        #expect(file.entries["verbose"]?.texts == ["0"])
        #expect(file.entries["min-free"]?.texts == ["1073741824"])
        #expect(file.entries["media-host"]?.texts == ["a.example", "b.example"])
        #expect(file.entries["until"] == nil)
        #expect(file.entries["user-id"]?.line == 4)
        #expect(file.entries["media-host"]?.line == 8)
    }

    @Test func `wrong files are explained with line and nearest key`() throws {
        let files = [
            "", "[1]", "{", "{ concurrency: 4", "{\n  concurency: 4\n}", "{ frobnicate: 1 }",
            "{ concurrency: 4\n  retries: 5 }", "{ concurrency 4 }", "{ 'concurrency: 4 }",
            "{ concurrency: }", "{ concurrency: four }", "{\n\n  /* open\n}", "{ a: 1 } x",
            "{ concurrency: {a: 1} }", "{ concurrency: [1] }", "{ 'media-host': [[1]] }",
            "{ retries: 1,\n  retries: 2 }", "{ 'user-id': '' }", "{ token: 'hunter2' }",
            "{ config: 'x' }", "{ help: true }", "{ '--retries': 1 }", "{ page_size: 1 }",
            "{ 'user-id': 'a\nb' }", "{ man: true }",
        ]
        var page = ""
        for text in files {
            page += text.replacing("hunter2", with: "…") + "\n---\n"
            do {
                _ = try config(text)
                page += "no error\n\n"
            } catch {
                page += ErrorText.render(error) + "\n"
            }
        }
        #expect(!page.contains("hunter2"))
        try expectSnapshot(page, "config-errors.txt")
    }

    @Test func `archives stand in the file's order, with their own lines`() throws {
        let file = try config(
            """
            {
              retries: 2,
              archives: {
                zeta: { archive: '/srv/z', 'user-id': 'u-z' },
                alpha: {
                  archive: '/srv/a',
                  'user-id': 'u-a', retries: 9,
                },
              }
            }
            """)
        #expect(file.archives.map(\.name) == ["zeta", "alpha"])
        #expect(file.archives.map(\.line) == [4, 5])
        #expect(file.archives[1].entries["retries"]?.texts == ["9"])
        #expect(file.archives[1].entries["retries"]?.line == 7)
        #expect(file.entries["retries"]?.line == 2 && file.entries["archives"] == nil)
        #expect(try config("{ archives: null }").archives.isEmpty)
    }

    @Test func `wrong archives are explained with line and nearest key`() throws {
        let files = [
            "{ archives: [] }", "{ archives: { a: 1 } }", "{ archive: {} }", "{ achives: {} }",
            "{ archives: {\n  '.a': {}\n} }", "{ archives: {\n  a: {\n    'usr-id': 'u'\n} } }",
            "{ archives: {\n  a: { 'user-id': 'u' }\n} }",
            "{ archives: {\n  a: { archive: '/a' }\n} }",
            "{ archives: { a: {\n 'user-id': 'u', archive: '/a', quiet: true } } }",
            "{ archives: { a: {\n 'user-id': 'u', archive: '/a', archives: {} } } }",
            "{ archives: { a: {\n 'user-id': 'u', archive: '/a', secret: 'x' } } }",
            "{ archives: { a: {\n 'user-id': 'u', archive: '/a', retries: {} } } }",
            "{ archives: { a: { 'user-id': 'u', archive: '/a',\n archive: '/b' } } }",
            "{ archives: {\n  a: { 'user-id': 'u', archive: '/a' },\n"
                + "  b: { 'user-id': 'v', archive: '/a/' }\n} }",
            "{ archives: { a: {}, a: {} } }",
        ]
        var page = ""
        for text in files {
            page += text + "\n---\n"
            do {
                _ = try config(text)
                page += "no error\n\n"
            } catch {
                page += ErrorText.render(error) + "\n"
            }
        }
        try expectSnapshot(page, "config-archives-errors.txt")
    }

    @Test func `a wrong value names file and line`() throws {
        let folder = try ScratchFolder()
        let path = try folder.file("c.json5", "{\n  retries: 5,\n  concurrency: 1.5,\n}")
        let text = complaint(["sync", "--config", path])
        #expect(text.contains("\"concurrency\" in '\(path)', line 3: '1.5' is not a whole number"))
    }

    @Test func `a file that is not UTF-8 is refused`() throws {
        // Broken bytes in a key without quotes made the decoder trap.
        let inKey = [UInt8(ascii: "{")] + [UInt8](repeating: 0xFF, count: 36) + [0xF6]
        for bytes in [inKey, Array("{ archive: '/srv/\u{E9}' }".utf16.map { UInt8($0) })] {
            let error = #expect(throws: ArchiveError.self) {
                try ConfigFile(path: "/etc/callarchive.json5", bytes: bytes)
            }
            #expect(error?.why == "it is not UTF-8 text")
        }
    }

    @Test(arguments: ["1e+", "+1e-", ".5E+", "1e+}", "0x1e+"])
    func `an exponent without digits is refused with its line`(number: String) {
        // The decoder trapped on it.
        let text = "{ // 1e+\n a: 'x1e+', /* 2e-\n */ \"b1e+\": \"\\\"3e-\",\n retries: \(number) }"
        let error = #expect(throws: ArchiveError.self) {
            try ConfigFile(path: "/etc/c.json5", bytes: Array(text.utf8))
        }
        #expect(error?.why == "a number's exponent has no digits")
        #expect(error?.what == "invalid configuration file '/etc/c.json5', line 4")
    }

    @Test func `a key without quotes is no broken number`() throws {
        let error = #expect(throws: ArchiveError.self) {
            try ConfigFile(path: "/c", bytes: Array("{ page-size: 500 }".utf8))
        }
        #expect(error?.why != "a number's exponent has no digits")
    }

    @Test func `nesting without end is no crash`() {
        #expect(throws: ArchiveError.self) {
            try config("{a:" + String(repeating: "[", count: 100_000))
        }
    }
}
