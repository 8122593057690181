import CallArchive
import CallArchiveCommands
import Platform

/// A configuration file.
func feedConfig(_ bytes: [UInt8]) {
    _ = Netrc(bytes).login(for: "example.org")
    _ = ConfigOutline(bytes)
    guard let file = try? ConfigFile(path: "config.json5", bytes: bytes) else { return }
    for (key, entry) in file.entries {
        guard let spec = OptionTable.named(key) else {
            expect(key == ConfigFile.archiveKey, "an option that is none")
            continue
        }
        var options = Options()
        for text in entry.texts { try? spec.value.store(&options, text) }
    }
}

/// A command line: each line is an argument.
func feedOptions(_ bytes: [UInt8]) {
    guard let raw = try? RawInvocation(arguments: lines(bytes)) else { return }
    var options = Options()
    for option in raw.options {
        expect(!option.text.isEmpty, "an option with an empty value")
        try? option.spec.value.store(&options, option.text)
    }
    expect((1...256).contains(options.sync.concurrency), "a concurrency out of bounds")
    expect((1...1000).contains(options.sync.pageSize), "a page size out of bounds")
}
