internal import FoundationEssentials
internal import Glibc

/// The request log as NDJSON, appended to as requests end.
final class LogFile: Sendable {
    private let descriptor: Int32
    private let turn = Guarded(())

    init(path: String) throws(SimulatorError) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw .system(call: "open of \(path)", code: errno) }
    }

    deinit {
        close(descriptor)
    }

    func append(_ record: RequestRecord) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(record) else { return }
        // One write a line: a line is whole for whoever reads along.
        let bytes = [UInt8](line) + [UInt8(ascii: "\n")]
        turn.withLock { _ in
            _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
