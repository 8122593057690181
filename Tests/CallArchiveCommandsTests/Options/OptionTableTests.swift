import CallArchive
import CallArchiveCommands
import Testing

struct OptionTableTests {
    private let all = OptionTable.all

    /// A value that each shape of option takes, and that is no default.
    private func sample(_ option: OptionSpec) -> String {
        switch option.value.placeholder {
        case "": "1"
        case "N": "8"
        case "BYTES": "7K"
        case "TIME": "7s"
        case "RATE": "7/s"
        case "DATE": "2013-02-08"
        case "URL": "https://api.example.com/v2"
        case "HOST[:PORT]": "media.example.com:8443"
        case "WHEN": "never"
        case "FORMAT": "json"
        case "SHELL": "fish"
        case "STATUS": "failed,gone"
        case "PERCENT": "7%"
        default: "sample"
        }
    }

    @Test func `names and letters are unique`() {
        #expect(Set(all.map(\.name)).count == all.count)
        let letters = all.compactMap(\.short)
        #expect(Set(letters).count == letters.count)
    }

    @Test func `every option stores what it is given`() throws {
        for option in all {
            var options = Options()
            try option.value.store(&options, sample(option))
            #expect("\(options)" != "\(Options())", "\(option.name)")
        }
    }

    @Test func `the default that help names is the default`() throws {
        for option in all {
            guard let text = option.defaultText else { continue }
            var options = Options()
            try option.value.store(&options, text)
            #expect("\(options)" == "\(Options())", "\(option.name)")
        }
    }

    @Test func `help is one line without a full stop, details are sentences`() {
        for option in all {
            #expect(!option.help.contains("\n") && !option.help.hasSuffix("."), "\(option.name)")
            #expect(
                option.details.isEmpty || option.details.hasSuffix("."), "\(option.name)")
            #expect(option.value.placeholder.isEmpty == (option.value.shape == .flag))
        }
    }

    @Test func `no option takes a secret`() {
        for option in all {
            for word in ["secret", "token", "password"] {
                #expect(!option.name.contains(word))
                #expect(!option.value.placeholder.lowercased().contains(word))
            }
        }
    }

    @Test func `every option is found by flag, by equals sign and by variable`() throws {
        for option in all {
            guard let command = option.commands.first else { continue }
            let value = sample(option)
            var expected = Options()
            try option.value.store(&expected, value)
            let flag =
                option.value.shape == .flag ? [option.flag] : [option.flag, value]
            // A file that isn't there can't be read as configuration.
            guard option.name != "config" else { continue }
            let wanted = RawInvocation.describe(expected, command: command)
            let words = [command.rawValue]
            #expect(RawInvocation.describe(try resolve(words + flag), command: command) == wanted)
            #expect(
                RawInvocation.describe(
                    try resolve(["\(option.flag)=\(value)"] + words), command: command) == wanted)
            guard let variable = option.variable else { continue }
            let found = try resolve(words, environment: [variable: value])
            #expect(RawInvocation.describe(found, command: command) == wanted, "\(option.name)")
        }
    }
}

extension RawInvocation {
    /// All fields but those that the last step fills in.
    fileprivate static func describe(_ options: Options, command: Command) -> String {
        var options = options
        options.sync.archive = ""
        options.sync.baseURL = ""
        return "\(options)"
    }
}
