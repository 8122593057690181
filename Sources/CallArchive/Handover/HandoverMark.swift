import Glibc
import Platform

/// `.callarchive/handed-over`: all that was archived up to this number, the user's program has had.
///
/// The catalog knows which ones it has had; this outlives the catalog. A rebuilt one takes what lies
/// behind the number for due, so that none is lost and a few are offered twice. One number in
/// decimal and a line end; written when a run with the program begins and ends.
enum HandoverMark {
    static let name = "handed-over"
    private static let temporary = "\(name).new"
    private static var path: String { "\(ArchiveFolder.controlName)/\(name)" }

    /// nil when the program was never run on this archive; 0, which offers all of it again, when
    /// what stands there is no number.
    static func read(_ archive: ArchiveFolder) throws(SystemCallError) -> Int64? {
        guard let file = try archive.openFile(path) else { return nil }
        let bytes = try file.read(at: 0, count: 32, archive.kernel, naming: path)
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasSuffix("\n"), let number = Int64(text.dropLast()), number >= 0 else {
            return 0
        }
        return number
    }

    /// Durable when it returns; nothing is written when it says so already.
    static func write(_ number: Int64, _ archive: ArchiveFolder) throws(SystemCallError) {
        if try read(archive) == number { return }
        let (kernel, folder) = (archive.kernel, archive.control.number)
        let naming = "\(archive.path)/\(path)"
        do throws(SystemCallError) {
            try kernel.remove(at: folder, temporary, naming: naming)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        let file = try kernel.open(
            at: folder, temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
            naming: naming)
        try kernel.write(file.number, Array("\(number)\n".utf8), naming: naming)
        try kernel.fsync(file.number, naming: naming)
        try kernel.rename(
            from: folder, temporary, to: folder, name, replacing: true, naming: naming)
        try kernel.fsync(folder, naming: naming)
    }
}
