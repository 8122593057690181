package import CallArchive
import Platform

/// `doctor`: what a sync would need, and whether it is there; changes nothing.
package struct DoctorCommand: Sendable {
    private let options: Options
    private let context: CommandContext
    private let strays: [(name: String, meant: String)]

    package init(
        options: Options, strays: [(name: String, meant: String)], context: CommandContext
    ) {
        self.options = options
        self.strays = strays
        self.context = context
    }

    /// The options themselves are wrong: then nothing else can be looked at.
    package static func report(
        _ error: ArchiveError, json: Bool, context: CommandContext
    ) -> ExitStatus {
        var report = Report(context: context, json: json, isQuiet: false)
        report.show(.error(.configuration, error))
        return report.finish()
    }

    package func run() -> ExitStatus {
        var report = Report(
            context: context, json: options.json, isQuiet: options.verbosity == .quiet)
        for finding in configuration() { report.show(finding) }
        let account = options.sync.account
        if account.isEmpty {
            report.show(
                .error(
                    .account, .usage, "no user id: the account to archive is not named",
                    mend: options.archiveNames.isEmpty
                        ? "give --user-id ID, or set CALLARCHIVE_USER_ID"
                        : "give --all or --only NAME for those of the --config file, or --user-id ID"
                ))
        }
        var settings = options.sync
        var mayAsk = !account.isEmpty
        do throws(ArchiveError) {
            try options.checkCertificates(context.surroundings)
        } catch {
            mayAsk = false
            report.show(.error(.certificate, error))
        }
        do throws(ArchiveError) {
            let found = try options.credentialPlaces(context.surroundings).find()
            settings.credentials = found.credentials
            report.show(.ok(.credentials, "taken from \(found.place)"))
            if mayAsk {
                if options.baseURL.isExposed { report.show(exposure) }
                context.engine.examine(settings) { report.show($0) }
            }
        } catch {
            report.show(.error(.credentials, error))
        }
        ArchiveExamination(
            path: settings.archive, account: account, minFree: settings.minFree,
            user: context.surroundings.user, now: context.surroundings.now()
        ) { report.show($0) }.run()
        if let finding = handover { report.show(finding) }
        if let finding = metrics { report.show(finding) }
        return report.finish()
    }

    /// A sync doesn't begin without the program that it is to run.
    private var handover: Finding? {
        var settings = options.sync.handover
        settings.environment = context.surroundings.programEnvironment
        do throws(ArchiveError) {
            return try HandoverProgram.find(settings).map {
                .ok(.exec, "\(quoted($0.path)) is there and can be run")
            }
        } catch {
            return .error(.exec, error)
        }
    }

    /// To a sync it is a warning only.
    private var metrics: Finding? {
        guard let path = options.metricsFile else { return nil }
        do throws(ArchiveError) {
            try MetricsFile(path).examine()
            return .ok(.metrics, "\(quoted(path)) can be written")
        } catch {
            return .warning(
                .metrics, ErrorText.headline(error), mend: error.hint ?? "check --metrics-file")
        }
    }

    private var exposure: Finding {
        .warning(
            .provider,
            "the API's token and secret cross the network unencrypted: \(options.baseURL.text) "
                + "is not https",
            mend: "give an https address as --base-url")
    }

    private func configuration() -> [Finding] {
        var findings: [Finding] = []
        if let path = options.configFile, case .success(let file) = context.surroundings.read(path),
            file.mode & 0o022 != 0
        {
            findings.append(
                .warning(
                    .configuration,
                    "other users can write to \(quoted(path)), and so send the credentials elsewhere",
                    mend: "chmod go-w \(shellWord(path))"))
        }
        for stray in strays {
            findings.append(
                .warning(
                    .configuration, "the environment variable \(stray.name) is not known",
                    mend: "rename it to \(stray.meant), or unset it"))
        }
        guard findings.isEmpty else { return findings }
        let source =
            options.configFile.map { "\(quoted($0)) is in order" }
            ?? "no --config file is used; the options are in order"
        return [.ok(.configuration, source)]
    }
}

/// The findings so far, each shown as it comes; belongs to one thread.
private struct Report {
    let context: CommandContext
    let json: Bool
    let isQuiet: Bool
    private var status = ExitStatus.success
    private var counts: [Finding.Level: Int] = [:]

    init(context: CommandContext, json: Bool, isQuiet: Bool) {
        self.context = context
        self.json = json
        self.isQuiet = isQuiet
    }

    mutating func show(_ finding: Finding) {
        counts[finding.level, default: 0] += 1
        // With wrong options or credentials a sync doesn't even begin.
        let new = ExitStatus(finding)
        status = [status, new].contains(.usage) ? .usage : .worst([status, new])
        if json {
            context.console.data(OutputShapes.diagnosis(finding))
        } else if !isQuiet || finding.level == .error {
            context.console.data(
                FindingPage.render(finding, width: context.outputWidth, paint: context.paint))
        }
    }

    func finish() -> ExitStatus {
        let (errors, warnings) = (counts[.error] ?? 0, counts[.warning] ?? 0)
        var parts = ["\(Wording.count(counts[.ok] ?? 0)) in order"]
        if warnings > 0 { parts.append(Wording.count(warnings, "warning")) }
        if errors > 0 { parts.append(Wording.count(errors, "error")) }
        context.console.summary(
            parts.joined(separator: ", "),
            [
                .init("event", .string("doctorFinished")),
                .init("exitStatus", .integer(Int64(status.code))),
                .init("ok", .integer(counts[.ok] ?? 0)),
                .init("warnings", .integer(warnings)), .init("errors", .integer(errors)),
            ])
        return status
    }
}
