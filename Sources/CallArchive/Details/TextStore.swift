import Platform

/// Puts transcriptions beside their recordings: durable, whole, never over another file.
///
/// Confined to one thread. What a crash leaves of it is taken away by the next run's recovery.
final class TextStore {
    struct Text: Sendable {
        var claim: TranscriptionClaim
        var state: String
        var body: [UInt8]
    }

    private struct Order {
        var text: Text
        var part: String
        var file: String
        var sha256: [UInt8]
    }

    /// Texts that are made durable together, and held till then.
    static let largestGroup = 64

    private let archive: ArchiveFolder
    private let catalog: Catalog
    private let placement: Placement

    init(_ archive: ArchiveFolder, _ catalog: Catalog) {
        self.archive = archive
        self.catalog = catalog
        placement = Placement(archive)
    }

    /// The findings, each with its file, or failed where another file has the name.
    func place(_ texts: [Text]) throws(ArchiveError) -> [TranscriptionFinding] {
        guard !texts.isEmpty else { return [] }
        do throws(SystemCallError) {
            var orders: [Order] = []
            var names: Set<String> = []
            for text in texts { orders.append(try write(text, &names)) }
            try placement.syncParts(orders.map(\.part))
            var findings: [TranscriptionFinding] = []
            for order in orders { findings.append(try place(order)) }
            try placement.syncFolders()
            return findings
        } catch {
            throw error.stopping("cannot store transcriptions in '\(archive.path)'")
        }
    }

    private func write(
        _ text: Text, _ names: inout Set<String>
    ) throws(SystemCallError) -> Order {
        let digester = Digester()
        digester.update(text.body)
        let part = "\(Digester.sha256Hex(text.claim.id, digits: 32)).text"
        let file = try archive.createPart(part)
        try unsafe text.body.withUnsafeBufferPointer { bytes throws(SystemCallError) in
            try unsafe file.append(UnsafeRawBufferPointer(bytes))
        }
        return Order(
            text: text, part: part, file: fileName(for: text.claim, &names),
            sha256: digester.finish() ?? [])
    }

    private func place(_ order: Order) throws(SystemCallError) -> TranscriptionFinding {
        let bytes = Int64(order.text.body.count)
        var finding = TranscriptionFinding(
            row: order.text.claim.row, state: order.text.state, isSettled: true)
        finding.text = .init(file: order.file, bytes: bytes, sha256: order.sha256)
        guard try placement.place(.init(part: order.part, file: order.file)) == .taken else {
            return finding
        }
        try archive.removePart(order.part)
        if let there = try placement.content(ofFile: order.file), there.bytes == bytes,
            there.sha256 == order.sha256
        {
            try placement.adopt(order.file)
            return finding
        }
        finding.text = nil
        finding.isSettled = false
        finding.hasFailed = true
        return finding
    }

    /// The audio's name with another ending; with a part of the id's hash where that is taken by
    /// another recording's text, which only names that differ in case can bring about.
    private func fileName(
        for claim: TranscriptionClaim, _ names: inout Set<String>
    ) -> String {
        let plain = Self.name(beside: claim.file)
        // An error here comes back when the finding is entered.
        let holder = try? catalog.rowOfText(plain)
        if holder == nil || holder == claim.row, names.insert(plain.lowercased()).inserted {
            return plain
        }
        let other = RecordingName(
            id: claim.id, start: claim.startTime.flatMap(Timestamp.init(iso8601:)),
            fileExtension: "txt", collided: true, idHash: { Digester.sha256Hex(claim.id) })
        names.insert(RecordingName.caseFolded(other.path))
        return other.path
    }

    /// `recordings/…/x.txt` for `recordings/…/x.wav`.
    static func name(beside file: String) -> String {
        guard let dot = file.lastIndex(of: "."), file[dot...].contains("/") == false else {
            return file + ".txt"
        }
        return file[..<dot] + ".txt"
    }
}
