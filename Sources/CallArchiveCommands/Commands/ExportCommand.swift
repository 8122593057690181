package import CallArchive
import Platform

/// `export`: the catalog's entries on standard output.
package struct ExportCommand: Sendable {
    /// Entries are handed over in pieces of about this size.
    private static let pieceSize = 64 << 10

    private let options: Options
    private let context: CommandContext

    package init(options: Options, context: CommandContext) {
        self.options = options
        self.context = context
    }

    package func run() throws(ArchiveError) -> ExitStatus {
        guard !options.json || options.exportFormat == .ndjson else {
            throw ArchiveError(
                .usage, "--json does not go with --format \(options.exportFormat.rawValue)",
                why: "--json is one object a line, the same as --format ndjson",
                hint: "leave one of them out")
        }
        let console = context.console
        let archive = options.sync.archive
        let (catalog, _) = try Catalog.visit(archive: archive)
        defer { catalog.close() }
        let signals = Signals(console)
        defer { signals.end() }
        let extras: EntryExtras
        do throws(CatalogError) {
            extras = try catalog.extras()
        } catch {
            throw error.stopping(archive: archive)
        }
        var piece = head(extras)
        var isFirst = true
        let take: (ArchiveEntry) -> Bool = { entry in
            guard wants(entry) else { return signals.first == nil }
            piece += render(entry, isFirst: isFirst)
            isFirst = false
            if piece.count >= Self.pieceSize {
                console.data(piece)
                piece.removeAll(keepingCapacity: true)
            }
            // As after `| head`: nobody wants the rest.
            return signals.first == nil && !console.outputIsClosed
        }
        do throws(CatalogError) {
            if let after = options.after {
                try catalog.forEachEntry(after: Int64(after), take)
            } else {
                try catalog.forEachEntry(take)
            }
        } catch {
            throw error.stopping(archive: archive)
        }
        if let signal = signals.first { return ExitStatus(signal: signal) }
        if options.exportFormat == .json { piece += Array(isFirst ? "]\n".utf8 : "\n]\n".utf8) }
        console.data(piece)
        return .success
    }

    private func wants(_ entry: ArchiveEntry) -> Bool {
        let window = StartWindow(since: options.sync.since, until: options.sync.until)
        return (options.statuses.isEmpty || options.statuses.contains(entry.status))
            && window.contains(entry.startTime.flatMap(Timestamp.init(iso8601:)))
    }

    private func head(_ extras: EntryExtras) -> [UInt8] {
        switch options.exportFormat {
        case .ndjson: []
        case .json: Array("[".utf8)
        case .csv: ManifestCSV.header(extras)
        }
    }

    private func render(_ entry: ArchiveEntry, isFirst: Bool) -> [UInt8] {
        switch options.exportFormat {
        case .ndjson: JSONValue.encoded(ManifestEntryJSON.bytes(entry)).line
        case .json:
            Array(isFirst ? "\n".utf8 : ",\n".utf8)
                + JSONValue.encoded(ManifestEntryJSON.bytes(entry)).line.dropLast()
        case .csv: row(entry)
        }
    }

    /// As it is for a program; with control characters written out for a terminal.
    private func row(_ entry: ArchiveEntry) -> [UInt8] {
        let bytes = ManifestCSV.row(entry)
        guard context.surroundings.standardOutputIsTerminal else { return bytes }
        return Array((escaped(String(decoding: bytes.dropLast(2), as: UTF8.self)) + "\r\n").utf8)
    }
}
