import Glibc

/// A program that was started, with its standard output and error on pipes.
final class Spawned {
    let pid: pid_t
    private let output: Int32
    private let errors: Int32

    init(_ arguments: [String], environment: [String] = []) throws {
        var pipes: [Int32] = [0, 0, 0, 0]
        pipe2At(&pipes, 0)
        pipe2At(&pipes, 2)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[3], 2)
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = (environment + ["PATH=/usr/bin:/bin"]).map { strdup($0) } + [nil]
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, &argv, &envp)
        for text in argv + envp { free(text) }
        posix_spawn_file_actions_destroy(&actions)
        close(pipes[1])
        close(pipes[3])
        output = pipes[0]
        errors = pipes[2]
        self.pid = pid
        if code != 0 { throw Failure.notStarted(arguments[0], code) }
    }

    deinit {
        close(output)
        close(errors)
    }

    enum Failure: Error {
        case notStarted(String, Int32)
    }

    /// The built program beside the tests.
    static var simulator: String {
        let path = CommandLine.arguments[0].split(separator: "/", omittingEmptySubsequences: false)
        return (path.dropLast() + ["catapult-simulator"]).joined(separator: "/")
    }

    func firstLine() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All of standard output, all of standard error, and the exit status or minus the signal.
    func finish() -> (output: String, errors: String, status: Int32) {
        let output = all(output)
        let errors = all(errors)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        let signal = status & 0x7F
        return (output, errors, signal == 0 ? status >> 8 & 0xFF : -signal)
    }

    private func all(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

private func pipe2At(_ ends: inout [Int32], _ index: Int) {
    var pair: [Int32] = [0, 0]
    pipe(&pair)
    for (offset, end) in pair.enumerated() {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        ends[index + offset] = end
    }
}

/// A folder of its own, gone at the end.
final class Folder {
    let path: String

    init() {
        var template = Array("/tmp/catapult-simulator-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        if let listing = opendir(path) {
            while let entry = readdir(listing) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                unlink(path + "/" + name)
            }
            closedir(listing)
        }
        rmdir(path)
    }

    func read(_ name: String) -> [UInt8] {
        let descriptor = open(path + "/" + name, O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
