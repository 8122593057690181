import CallArchive
import FoundationEssentials
import Glibc
import Platform

/// The whole program; `main` is this one call.
package func runMain() {
    boundHeap()
    boundStacks()
    prepareStandardStreams()
    forbidCoreFiles()
    let terminals = (isTerminal(1), isTerminal(2))
    let surroundings = Surroundings(
        environment: ProcessInfo.processInfo.environment,
        standardOutputIsTerminal: terminals.0, standardErrorIsTerminal: terminals.1,
        standardErrorIsJournal: isJournal(
            2, ProcessInfo.processInfo.environment["JOURNAL_STREAM"]))
    let console = Console(
        output: descriptorSink(1), error: descriptorSink(2),
        sharesTerminal: terminals.0 && terminals.1)
    let program = Program(
        console: console, surroundings: surroundings, engine: .real,
        width: { windowWidth($0 == .output ? 1 : 2) })
    exit(program.run(arguments: Array(CommandLine.arguments.dropFirst())))
}

/// From arguments to exit status; everything it touches is handed in.
package struct Program: Sendable {
    private let context: CommandContext

    package init(
        console: Console, surroundings: Surroundings, engine: Engine,
        width: @escaping @Sendable (CommandContext.Stream) -> Int? = { _ in nil }
    ) {
        context = CommandContext(
            console: console, surroundings: surroundings, engine: engine, width: width)
    }

    /// `arguments` are without the program's name. All output is written when it returns.
    package func run(arguments: [String]) -> Int32 {
        let console = context.console
        console.setStyle(earlyStyle(arguments))
        var status: ExitStatus
        do throws(ArchiveError) {
            status = try dispatch(try RawInvocation(arguments: arguments))
        } catch {
            console.fail(error)
            status = ExitStatus(error.kind)
        }
        console.finish()
        if let code = console.outputTrouble {
            console.fail(
                ArchiveError(
                    .storage, "cannot write to standard output", why: FileTrouble(code: code).why,
                    hint: "what was printed is not complete"))
            console.finish()
            // 2, 7 and 8 tell more than that.
            if [.success, .budget, .someFailed, .unreachable, .refused].contains(status) {
                status = .storage
            }
        }
        return status.code
    }

    private func dispatch(_ raw: RawInvocation) throws(ArchiveError) -> ExitStatus {
        let console = context.console
        if raw.has("help") {
            let isLong = !raw.options.contains { $0.flag == "-h" }
            console.data(
                raw.command.map { HelpPage.command($0, isLong: isLong) } ?? HelpPage.program())
            return .success
        }
        if raw.has("version") {
            console.data(CallArchiveVersion.generator + "\n")
            return .success
        }
        guard let command = raw.command else {
            console.note(HelpPage.hint())
            return .usage
        }
        if command == .help {
            // Help is given however wrong environment and configuration are.
            let bare = Surroundings(environment: [:])
            let options = try OptionResolver(raw, command: command, surroundings: bare).resolve()
            console.data(try HelpCommand(options: options, topic: raw.operand).text())
            return .success
        }
        let resolver: OptionResolver
        let options: Options
        var chosen: [Options] = []
        do throws(ArchiveError) {
            resolver = try OptionResolver(
                raw, command: command, surroundings: context.surroundings)
            options = heard(try resolver.resolve(), command, raw)
            if options.all || !options.only.isEmpty {
                chosen = try resolver.resolveArchives(options).map { heard($0, command, raw) }
            }
        } catch {
            guard command == .doctor else {
                SyncMonitor.tell(error, of: raw, context)
                throw error
            }
            return DoctorCommand.report(error, json: raw.has("json"), context: context)
        }
        console.setStyle(style(options))
        let strays = resolver.strayVariables()
        for stray in strays where command != .doctor {
            console.log(
                .warning,
                "the environment variable \(stray.name) is not known: \(stray.meant) was meant?")
        }
        if chosen.isEmpty { return try run(command, options, raw, strays) }
        return ArchivesCommand(command, archives: chosen, context: context).run {
            options throws(ArchiveError) in try run(command, options, raw, strays)
        }
    }

    /// Doctor is asked by hand: what keeps nightly runs quiet, in file or environment, is not
    /// meant for it.
    private func heard(_ options: Options, _ command: Command, _ raw: RawInvocation) -> Options {
        guard command == .doctor, options.verbosity == .quiet, !raw.has("quiet") else {
            return options
        }
        var options = options
        options.verbosity = .normal
        return options
    }

    /// One command on one archive.
    private func run(
        _ command: Command, _ options: Options, _ raw: RawInvocation,
        _ strays: [(name: String, meant: String)]
    ) throws(ArchiveError) -> ExitStatus {
        switch command {
        case .doctor:
            return DoctorCommand(options: options, strays: strays, context: context).run()
        case .status: return try StatusCommand(options: options, context: context).run()
        case .verify: return try VerifyCommand(options: options, context: context).run()
        case .export: return try ExportCommand(options: options, context: context).run()
        case .report: return try ReportCommand(options: options, context: context).run()
        case .rebuild: return try RebuildCommand(options: options, context: context).run()
        case .help: return .success
        case .sync, .list: return try dispatch(command, options, raw)
        }
    }

    /// The commands that ask the provider.
    private func dispatch(
        _ command: Command, _ options: Options, _ raw: RawInvocation
    ) throws(ArchiveError) -> ExitStatus {
        if command == .sync, !options.dryRun {
            return try SyncCommand.begin(options, typed: raw, context)
        }
        let settings = try context.settings(options, typed: raw)
        return ListCommand(options: options, settings: settings, context: context).run()
    }

    private func style(_ options: Options) -> Console.Style {
        var style = Console.Style()
        style.verbosity = options.verbosity
        style.logFormat = options.logFormat
        style.colour = hasColour
        style.hasPriorities = context.surroundings.standardErrorIsJournal
        return style
    }

    /// For errors in the options themselves: a log collector that was promised JSON gets JSON.
    private func earlyStyle(_ arguments: [String]) -> Console.Style {
        var style = Console.Style()
        style.colour = hasColour
        style.hasPriorities = context.surroundings.standardErrorIsJournal
        let asked =
            arguments.contains("--log-format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == ("--log-format", "json") }
            || context.surroundings.variable("CALLARCHIVE_LOG_FORMAT") == "json"
        if asked { style.logFormat = .json }
        return style
    }

    private var hasColour: Bool {
        context.surroundings.hasColour(terminal: context.surroundings.standardErrorIsTerminal)
    }
}
