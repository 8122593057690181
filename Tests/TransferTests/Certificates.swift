import FoundationEssentials
import Glibc

/// An authority and a server certificate of its own, made by the `openssl` program.
final class Certificates {
    let folder: String
    var authority: String { folder + "/ca.pem" }
    var certificate: String { folder + "/server.pem" }
    var key: String { folder + "/server.key" }

    /// `name` is a subject alternative name, as `IP:127.0.0.1`.
    init(name: String = "IP:127.0.0.1") throws {
        folder =
            FileManager.default.temporaryDirectory
            .appending(path: "callarchive-tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("subjectAltName=\(name)\n".utf8).write(to: URL(filePath: folder + "/names"))
        try run(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test CA",
            "-keyout", folder + "/ca.key", "-out", authority)
        try run(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server", "-keyout", key,
            "-out", folder + "/server.csr")
        try run(
            "x509", "-req", "-in", folder + "/server.csr", "-CA", authority, "-CAkey",
            folder + "/ca.key", "-CAcreateserial", "-days", "2", "-extfile", folder + "/names",
            "-out", certificate)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    struct Failure: Error {
        var status: Int32
    }

    private func run(_ arguments: String...) throws {
        var pointers: [UnsafeMutablePointer<CChar>?] = (["openssl"] + arguments).map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // What it tells of its progress is of no interest.
        for number in [Int32(1), 2] {
            posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
        }
        var process: pid_t = 0
        let code = posix_spawnp(&process, "openssl", &actions, nil, pointers, environ)
        guard code == 0 else { throw Failure(status: code) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { throw Failure(status: status) }
    }
}
