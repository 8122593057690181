package import CallArchive
import Platform

/// `status`: what the archive holds, what is missing and at risk, how the last runs went.
package struct StatusCommand: Sendable {
    private static let runsTold = 10

    private let options: Options
    private let context: CommandContext

    package init(options: Options, context: CommandContext) {
        self.options = options
        self.context = context
    }

    package func run() throws(ArchiveError) -> ExitStatus {
        let console = context.console
        let archive = options.sync.archive
        let (catalog, _) = try Catalog.visit(archive: archive)
        defer { catalog.close() }
        let rule = RetentionRule(days: options.retentionDays, warnedBefore: options.atRiskDays)
        let report: StatusReport
        do throws(CatalogError) {
            report = try StatusReport(
                catalog, archive: archive, rule: rule, at: context.surroundings.now(),
                runs: Self.runsTold)
        } catch {
            throw error.stopping(archive: archive)
        }
        if options.json {
            console.data(OutputShapes.status(report))
        } else {
            console.data(
                StatusPage.render(report, width: context.outputWidth, paint: context.paint))
        }
        let isAtRisk = report.atRiskCount > 0 || !report.atRiskIsKnown
        return options.failAtRisk && isAtRisk ? .someFailed : .success
    }
}
