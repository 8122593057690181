package import CallArchive
import Platform

/// `report`: the archive as a page for a browser.
package struct ReportCommand: Sendable {
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
        let place = try PagePlace(archive: archive, output: options.output)
        let signals = Signals(console)
        defer { signals.end() }
        let what = "cannot write the report '\(place.path)'"
        let file: ReplacedFile
        do throws(SystemCallError) {
            file = try ReplacedFile(path: place.path)
        } catch {
            throw error.stopping(what)
        }
        let facts = try write(catalog, to: file, place, signals)
        if let signal = signals.first { return ExitStatus(signal: signal) }
        do throws(SystemCallError) {
            try file.publish()
        } catch {
            throw error.stopping(what)
        }
        console.summary(
            Self.summary(facts, bytes: file.count, path: place.path),
            [
                .init("event", .string("reportWritten")), .init("file", .string(place.path)),
                .init("recordings", .integer(facts.rows)),
                .init("waveforms", .integer(facts.waveforms)), .init("bytes", .integer(file.count)),
            ])
        return .success
    }

    /// Writes all of the page, unless a signal comes; what it holds then.
    private func write(
        _ catalog: Catalog, to file: ReplacedFile, _ place: PagePlace, _ signals: Signals
    ) throws(ArchiveError) -> PageFacts {
        let archive = options.sync.archive
        let now = context.surroundings.now()
        let window = StartWindow(since: options.sync.since, until: options.sync.until)
        let rule = RetentionRule(days: options.retentionDays, warnedBefore: options.atRiskDays)
        let reader = try WaveformReader(archive: archive)
        do throws(CatalogError) {
            let status = try StatusReport(catalog, archive: archive, rule: rule, at: now, runs: 1)
            var page = ReportPage(
                PageFacts(status: status, at: now, window: window, base: place.base))
            file.append(page.head)
            let most = options.waveforms
            try catalog.forEachEntryFromNewest { entry in
                guard window.contains(entry.startTime.flatMap(Timestamp.init(iso8601:))) else {
                    return signals.first == nil
                }
                let waveform =
                    page.facts.waveforms < most ? entry.file.flatMap(reader.waveform(ofFile:)) : nil
                return file.append(page.append(entry, waveform)) && signals.first == nil
            }
            file.append(page.end())
            return page.facts
        } catch {
            throw error.stopping(archive: archive)
        }
    }

    /// As `report of 1,034 recordings written to /srv/calls/report.html (2.1 MiB, 904 waveforms)`.
    private static func summary(_ facts: PageFacts, bytes: Int64, path: String) -> String {
        "report of \(Wording.count(facts.rows, "recording")) written to \(path) "
            + "(\(Wording.bytes(bytes)), \(Wording.count(facts.waveforms, "waveform")))"
    }
}
