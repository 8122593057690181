import Glibc
import Platform

/// The program that recordings are handed to, found and looked at before a run begins.
package struct HandoverProgram: Sendable, Equatable {
    /// Absolute.
    package let path: String

    /// nil when none is wanted; what can't be run is an error of usage.
    package static func find(_ settings: HandoverSettings) throws(ArchiveError) -> HandoverProgram?
    {
        guard let name = settings.program else { return nil }
        if name.contains("/") { return try look(absolute(name), name) }
        // As execvp does, with a PATH that is not set.
        let folders = (settings.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
            .split(separator: ":", omittingEmptySubsequences: false)
        var trouble: ArchiveError?
        for folder in folders {
            do throws(ArchiveError) {
                return try look(absolute(folder.isEmpty ? name : "\(folder)/\(name)"), name)
            } catch {
                // One that is there and can't be run tells more than those that are not there.
                if error.why != missing { trouble = trouble ?? error }
            }
        }
        throw trouble
            ?? ArchiveError(
                .usage, "cannot run '\(name)' (--exec)", why: "no folder of PATH has it",
                hint: "give its path; it is run without a shell, so it is one program, not a "
                    + "command line")
    }

    private static let missing = "there is no such file"

    private static func look(
        _ path: String, _ name: String
    ) throws(ArchiveError) -> HandoverProgram {
        var status = stat()
        // The structure outlives the call.
        let code = unsafe stat(path, &status) == 0 ? 0 : errno
        if code == 0, status.st_mode & S_IFMT == S_IFREG, unsafe access(path, X_OK) == 0 {
            return HandoverProgram(path: path)
        }
        var hint = "give the path of a program; it is run without a shell"
        let why: String
        switch code {
        case 0 where status.st_mode & S_IFMT == S_IFDIR: why = "it is a folder"
        case 0 where status.st_mode & S_IFMT != S_IFREG: why = "it is no file"
        case 0:
            why = "it is not executable"
            hint = "chmod +x \(path)"
        case ENOENT, ENOTDIR: why = missing
        default: why = SystemCallError(call: "look at", path: path, errno: code).reason
        }
        throw ArchiveError(.usage, "cannot run '\(name)' (--exec)", why: why, hint: hint)
    }

    /// The working directory of the run's start counts, whatever is done later.
    private static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        // Owned: freed below.
        guard let folder = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(folder) }
        let below = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return unsafe "\(String(cString: folder))/\(below)"
    }

    /// Why it could not be started, for one who has seen it there.
    static func reason(_ error: SystemCallError) -> String {
        switch error.errno {
        case ENOEXEC:
            "the kernel can't run it (neither a binary for this machine nor a script that begins "
                + "with #!)"
        case ETXTBSY: "somebody is writing to it at the moment"
        case ENOENT: "it is gone, or the interpreter that its first line names is missing"
        case EACCES: "it, or the interpreter that its first line names, may not be executed"
        default: "\(error.what): \(error.reason)"
        }
    }
}
