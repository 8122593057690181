import Platform
import Synchronization
import Testing

@testable import CallArchive

/// Finished parts on their way to their names.
struct CommitterTests {
    private let scratch: ScratchFolder
    private let archive: ArchiveFolder
    private let catalog: Catalog

    init() throws {
        scratch = try ScratchFolder()
        archive = try ArchiveFolder(path: scratch.path + "/archive")
        catalog = try Catalog(
            path: try archive.catalogFile().path, provider: "catapult", account: "u-1")
    }

    private func finished(_ id: String) throws -> FinishedPart {
        let bytes = Array("bytes of \(id)".utf8)
        let name = ArchiveFolder.partName(for: id)
        let part = try archive.createPart(name)
        try bytes.withUnsafeBytes { try part.append($0) }
        let known = try #require(try catalog.entry(id: id))
        return FinishedPart(
            row: known.row, id: id, start: Timestamp(milliseconds: 1_600_000_000_000), part: name,
            bytes: Int64(bytes.count), sha256: try sha256(of: id),
            audio: CatalogBench.audio)
    }

    private func sha256(of id: String) throws -> [UInt8] {
        try #require(Hex.bytes(Digester.sha256Hex("bytes of \(id)")))
    }

    /// Commits groups one after the other, each by a committer of its own, as runs do.
    private func commit(_ groups: [[String]]) throws -> [ArchiveError] {
        let errors = Locked<[ArchiveError]>([])
        var walk = Walk()
        _ = try catalog.record(groups.joined().map { CatalogBench.complete($0) }, in: &walk)
        for group in groups {
            let committer = Committer(
                archive: archive, catalog: catalog, observer: EventLog(),
                onSettled: { settled in
                    guard case .stopped(let error) = settled else { return }
                    errors.withLock { $0.append(error) }
                })
            for id in group { committer.submit(.archive(try finished(id))) }
            committer.finish()
        }
        return errors.withLock { $0 }
    }

    @Test(arguments: [[["R-1", "r-1"]], [["R-1"], ["r-1"]], [["r-1"], ["x", "R-1"], ["y"]]])
    func `ids that differ in case only get names that differ in more, in one group or in many`(
        _ groups: [[String]]
    ) throws {
        #expect(try commit(groups).isEmpty)
        var names: Set<String> = []
        for id in groups.joined() {
            let entry = try #require(try catalog.entry(id: id)).entry
            #expect(entry.status == .archived)
            let file = try #require(entry.file)
            #expect(names.insert(file.lowercased()).inserted)
            #expect(try archive.content(ofFile: file)?.sha256 == sha256(of: id))
        }
    }
}
