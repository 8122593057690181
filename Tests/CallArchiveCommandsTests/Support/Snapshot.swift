import FoundationEssentials
import Testing

/// Compares a text with the file kept under `Snapshots`; UPDATE_SNAPSHOTS=1 writes it anew.
func expectSnapshot(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Snapshots")
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
        try Data(text.utf8).write(to: file)
        return
    }
    let kept = try? String(contentsOf: file, encoding: .utf8)
    #expect(
        kept == text, "Snapshots/\(name) differs; UPDATE_SNAPSHOTS=1 writes it anew",
        sourceLocation: sourceLocation)
}
