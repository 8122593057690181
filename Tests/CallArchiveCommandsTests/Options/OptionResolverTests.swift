import CallArchive
import CallArchiveCommands
import Testing
import Transfer

struct OptionResolverTests {
    @Test func `flag goes before environment, environment before configuration`() throws {
        let folder = try ScratchFolder()
        let config = try folder.file("c.json5", "{ retries: 1, 'page-size': 10, concurrency: 2 }")
        let environment = [
            "CALLARCHIVE_CONFIG": config, "CALLARCHIVE_RETRIES": "3",
            "CALLARCHIVE_CONCURRENCY": "4",
        ]
        let options = try resolve(["sync", "--retries", "5"], environment: environment)
        #expect(options.sync.retries == 5)
        #expect(options.sync.concurrency == 4)
        #expect(options.sync.pageSize == 10)
        #expect(options.sync.stallTimeout == .seconds(30))
    }

    @Test func `the user id is also taken from the provider's own variable`() throws {
        let folder = try ScratchFolder()
        let config = try folder.file("c.json5", "{ 'user-id': 'u-config' }")
        var environment = ["CALLARCHIVE_CONFIG": config]
        #expect(try resolve(["sync"], environment: environment).sync.account == "u-config")
        environment["BANDWIDTH_USER_ID"] = "u-bandwidth"
        #expect(try resolve(["sync"], environment: environment).sync.account == "u-bandwidth")
        environment["CALLARCHIVE_USER_ID"] = "u-own"
        #expect(try resolve(["sync"], environment: environment).sync.account == "u-own")
        let typed = try resolve(["sync", "--user-id", "u-flag"], environment: environment)
        #expect(typed.sync.account == "u-flag")
    }

    @Test func `ARCHIVE has a variable, a key and a default`() throws {
        let folder = try ScratchFolder()
        let config = try folder.file("c.json5", "{ archive: '/srv/config' }")
        var environment: [String: String] = [:]
        #expect(try resolve(["sync"]).sync.archive == "./recordings-archive")
        environment["CALLARCHIVE_CONFIG"] = config
        #expect(try resolve(["sync"], environment: environment).sync.archive == "/srv/config")
        environment["CALLARCHIVE_ARCHIVE"] = "/srv/env"
        #expect(try resolve(["sync"], environment: environment).sync.archive == "/srv/env")
        #expect(
            try resolve(["sync", "/srv/arg"], environment: environment).sync.archive == "/srv/arg")
    }

    @Test func `the last one wins, repeatable ones add up within one place`() throws {
        #expect(try resolve(["sync", "--retries=1", "--retries=2"]).sync.retries == 2)
        let environment = ["CALLARCHIVE_MEDIA_HOST": "a.example,b.example:81"]
        #expect(
            try resolve(["sync"], environment: environment).sync.mediaHosts
                == [MediaHost(host: "a.example"), MediaHost(host: "b.example", port: 81)])
        let typed = ["sync", "--media-host=c.example", "--media-host=d.example"]
        #expect(
            try resolve(typed, environment: environment).sync.mediaHosts
                == [MediaHost(host: "c.example"), MediaHost(host: "d.example")])
    }

    @Test func `quiet and verbose outrank each other by place, then by order`() throws {
        #expect(try resolve(["sync", "-q", "-v"]).verbosity == .verbose)
        #expect(try resolve(["sync", "-v", "-q"]).verbosity == .quiet)
        let environment = ["CALLARCHIVE_QUIET": "1"]
        #expect(try resolve(["sync"], environment: environment).verbosity == .quiet)
        #expect(try resolve(["sync", "-v"], environment: environment).verbosity == .verbose)
        #expect(try resolve(["sync", "--quiet=0"], environment: environment).verbosity == .normal)
    }

    @Test func `an empty variable counts as not set`() throws {
        let environment = ["CALLARCHIVE_RETRIES": "", "CALLARCHIVE_ARCHIVE": ""]
        let options = try resolve(["sync"], environment: environment)
        #expect(options.sync.retries == 5)
        #expect(options.sync.archive == "./recordings-archive")
    }

    @Test func `options of other commands in environment and configuration don't matter`() throws {
        let folder = try ScratchFolder()
        let config = try folder.file("c.json5", "{ concurrency: 4 }")
        let environment = ["CALLARCHIVE_CONFIG": config, "CALLARCHIVE_MIN_FREE": "what?"]
        #expect(try resolve(["list"], environment: environment).sync.concurrency == 16)
    }

    @Test func `wrong values name their place, their reason and what is right`() throws {
        let folder = try ScratchFolder()
        let lines: [([String], [String: String])] = [
            (["--concurrency=sixteen"], [:]), (["--concurrency", "0"], [:]),
            (["--concurrency", "-1"], [:]), (["--page-size=1001"], [:]),
            ([], ["CALLARCHIVE_CONCURRENCY": "sixteen"]), ([], ["CALLARCHIVE_QUIET": "maybe"]),
            (["--stall-timeout=30"], [:]), (["--stall-timeout=0"], [:]),
            (["--max-duration=soon"], [:]), (["--min-free=1.5G"], [:]), (["--min-free=-1"], [:]),
            (["--request-rate=20"], [:]), (["--request-rate=fast"], [:]),
            (["--limit-rate=0"], [:]), (["--since=yesterday"], [:]),
            (["--since=2013-02-09", "--until=2013-02-09"], [:]),
            (["--base-url=api.example.com"], [:]),
            (["--base-url=https://user:hunter2@api.example.com"], [:]),
            (["--base-url=https://api.example.com?x"], [:]),
            (["--media-host=https://media.example.com/"], [:]), (["--progress=alwasy"], [:]),
            (["--log-format=xml"], [:]), (["-"], [:]), (["a\u{fffd}b"], [:]),
            ([], ["CALLARCHIVE_CONFIG": "/nonexistent/callarchive.json5"]),
            (["--config=/"], [:]), (["--config=/dev/null"], [:]), (["--user-id=a\nb"], [:]),
            (["--max-files=0"], [:]),
            ([], ["BANDWIDTH_USER_ID": "\u{1b}]0;x\u{7}"]),
        ]
        var page = ""
        for (words, environment) in lines {
            page += "$ " + environment.map { "\(escaped($0.key))=\(escaped($0.value)) " }.joined()
            page += "callarchive sync \(words.map { escaped($0) }.joined(separator: " "))\n"
            page += complaint(["sync"] + words, environment: environment) + "\n"
        }
        #expect(!page.contains("error: invalid --base-url: 'https://user"))
        page = page.replacing("hunter2", with: "…")
        #expect(!page.contains(folder.path))
        try expectSnapshot(page, "value-errors.txt")
    }

    @Test func `a mistyped variable is noticed, a foreign one is not`() throws {
        let environment = [
            "CALLARCHIVE_CONCURENCY": "4", "CALLARCHIVE_TOKEN": "t", "CALLARCHIVE_ARCHIVE": "a",
            "CALLARCHIVE_HOMEPAGE_OF_SOMEBODY": "x", "CALLARCHIVE_DRY_RUN": "1",
        ]
        let resolver = try OptionResolver(
            try RawInvocation(arguments: ["list"]), command: .list,
            surroundings: Surroundings(environment: environment))
        let strays = resolver.strayVariables().map { "\($0.name) \($0.meant)" }
        #expect(strays == ["CALLARCHIVE_CONCURENCY CALLARCHIVE_CONCURRENCY"])
    }
}
