import CallArchive
import CallArchiveCommands

/// The options that a command line means in an environment.
func resolve(
    _ arguments: [String], environment: [String: String] = [:]
) throws(ArchiveError) -> Options {
    let raw = try RawInvocation(arguments: arguments)
    let resolver = try OptionResolver(
        raw, command: raw.command ?? .sync, surroundings: Surroundings(environment: environment))
    return try resolver.resolve()
}

/// The error that a command line ends in, as it is printed; "" for none.
func complaint(_ arguments: [String], environment: [String: String] = [:]) -> String {
    do {
        _ = try resolve(arguments, environment: environment)
        return ""
    } catch {
        return ErrorText.render(error)
    }
}
