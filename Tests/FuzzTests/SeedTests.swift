import FoundationEssentials
import FuzzTargets
import Testing

/// What `Scripts/fuzz.sh` begins with, fed once; an input that once broke a parser is one of them.
struct SeedTests {
    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func inputs(of target: FuzzTarget) throws -> [URL] {
        var folders = ["Tests/Fuzz/Seeds/\(target.rawValue)"]
        if target == .audio { folders.append("Tests/CallArchiveTests/Fixtures/audio") }
        return try folders.flatMap { folder in
            let path = Self.repository.appending(path: folder).path
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
                .map { URL(filePath: "\(path)/\($0)") }
        }
    }

    /// A trap or a broken expectation ends the process; the last line tells which it was.
    @Test(arguments: FuzzTarget.allCases)
    func `a kept input breaks no parser`(target: FuzzTarget) throws {
        let inputs = try inputs(of: target)
        #expect(inputs.count >= 3)
        for input in inputs {
            let bytes = [UInt8](try Data(contentsOf: input))
            try #require(!bytes.isEmpty, "\(input.lastPathComponent)")
            target.feed(bytes)
            // Cut, as by a connection that breaks.
            for count in [1, bytes.count / 2, bytes.count - 1] {
                target.feed(Array(bytes.prefix(count)))
            }
        }
    }
}
