/// Shell completions, made from the tables.
package enum Completions {
    package static func render(_ shell: Options.Shell) -> String {
        switch shell {
        case .bash: bash()
        case .zsh: zsh()
        case .fish: fish()
        }
    }

    static func visible(_ command: Command) -> [OptionSpec] {
        OptionTable.options(of: command).filter { !$0.hidden }
    }

    /// `--quiet -q`.
    static func words(_ option: OptionSpec) -> [String] {
        [option.flag] + (option.short.map { ["-\($0)"] } ?? [])
    }

    static let commandNames = Command.allCases.map(\.rawValue).joined(separator: " ")
}
