import FoundationEssentials
import Glibc
import Platform
import Testing

struct ChildProcessTests {
    /// Runs a script of the shell to its end.
    private func shell(
        _ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        input: String = ""
    ) throws -> (ending: ChildProcess.Ending, errors: String) {
        let process = try ChildProcess(
            "/bin/sh", arguments: ["-c", script], environment: environment,
            input: Array(input.utf8))
        return end(process)
    }

    private func end(_ process: ChildProcess) -> (ending: ChildProcess.Ending, errors: String) {
        var bytes: [UInt8] = []
        while true {
            process.readErrors { bytes += $0 }
            if let ending = process.reap() {
                process.readErrors { bytes += $0 }
                return (ending, String(decoding: bytes, as: UTF8.self))
            }
            waitUntilReadable(process.descriptors, until: MonotonicClock.now() + 1_000_000_000)
        }
    }

    @Test func `it gets its arguments as they are, and all of its input`() throws {
        let process = try ChildProcess(
            "/bin/sh", arguments: ["-c", #"cat >&2; printf '<%s>' "$@" >&2"#, "sh", "a b", "$(x)"],
            environment: ["PATH": "/usr/bin:/bin"], input: Array("{\"id\":1}\n".utf8))
        let ended = end(process)
        #expect(ended.ending == .exited(0))
        #expect(ended.errors == "{\"id\":1}\n<a b><$(x)>")
    }

    @Test func `input larger than a pipe holds needs no reader`() throws {
        let large = String(repeating: "x", count: 300_000)
        #expect(try shell("exit 0", input: large).ending == .exited(0))
        #expect(try shell("wc -c >&2", input: large).errors.contains("300000"))
    }

    @Test func `how it ended is told`() throws {
        #expect(try shell("exit 7").ending == .exited(7))
        #expect(try shell("kill -SEGV $$").ending == .signalled(SIGSEGV))
    }

    @Test func `its standard output goes nowhere, and nothing else of ours is open there`() throws {
        // Without close-on-exec, as some libraries leave theirs.
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let ended = try shell(
            """
            echo lost
            n=0
            while [ $n -lt 300 ]; do
                if [ -e /proc/$$/fd/$n ]; then list="$list $n"; fi
                n=$((n + 1))
            done
            echo $list >&2
            """)
        #expect(leak > 2 && leak < 300)
        #expect(ended.errors == "0 1 2\n")
        let output = try shell("output=$(readlink /proc/$$/fd/1); echo $output >&2")
        #expect(output.errors == "/dev/null\n")
    }

    @Test func `signals have their usual effect, whatever we do about ours`() throws {
        let before = signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, before) }
        let status = try shell("grep -E '^Sig(Blk|Ign)' /proc/self/status >&2").errors
        let sets = status.split(separator: "\n").compactMap {
            $0.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
        }
        // The C library keeps 32 and 33 for its threads.
        #expect(sets.map { $0 & ~0x1_8000_0000 } == [0, 0])
    }

    @Test func `it leads a group of its own, which a signal reaches whole`() throws {
        let process = try ChildProcess(
            "/bin/sh", arguments: ["-c", "sleep 600 & echo $! >&2; wait"],
            environment: ["PATH": "/usr/bin:/bin"], input: [])
        #expect(getpgid(process.id) == process.id)
        var words: [UInt8] = []
        while !words.contains(0x0A) {
            process.readErrors { words += $0 }
            waitUntilReadable(process.descriptors, until: MonotonicClock.now() + 100_000_000)
        }
        let grandchild = try #require(
            pid_t(String(decoding: words.dropLast(), as: UTF8.self)))
        #expect(process.reap() == nil)
        process.signal(SIGTERM)
        #expect(end(process).ending == .signalled(SIGTERM))
        #expect(isGone(grandchild))
    }

    @Test func `with its group, what ignores TERM goes too`() throws {
        let process = try ChildProcess(
            "/bin/sh", arguments: ["-c", "(trap '' TERM; echo $$; sleep 600) & echo $! >&2; wait"],
            environment: ["PATH": "/usr/bin:/bin"], input: [])
        var words: [UInt8] = []
        while !words.contains(0x0A) {
            process.readErrors { words += $0 }
            waitUntilReadable(process.descriptors, until: MonotonicClock.now() + 100_000_000)
        }
        let stubborn = try #require(pid_t(String(decoding: words.dropLast(), as: UTF8.self)))
        process.signal(SIGTERM)
        while process.reap(endingGroup: true) == nil { usleep(10_000) }
        #expect(isGone(stubborn))
    }

    /// Whether the process ends within five seconds; one that nobody reaps counts as ended.
    private func isGone(_ process: pid_t) -> Bool {
        for _ in 0..<500 {
            let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            guard let status else { return true }
            if status.split(separator: ")").last?.hasPrefix(" Z") == true { return true }
            usleep(10_000)
        }
        return false
    }

    @Test func `it has the environment that it is given, and nothing more`() throws {
        #expect(try shell("env >&2", environment: ["A": "b c"]).errors.contains("A=b c\n"))
        #expect(try !shell("env >&2", environment: [:]).errors.contains("HOME="))
    }

    @Test func `what can't be run says why`() throws {
        func code(_ path: String) -> Int32? {
            #expect(throws: SystemCallError.self) {
                try ChildProcess(path, arguments: [], environment: [:], input: [])
            }?.errno
        }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "callarchive-child-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String, _ mode: mode_t) throws -> String {
            let path = folder.appending(path: name).path
            try Data(text.utf8).write(to: URL(filePath: path))
            chmod(path, mode)
            return path
        }
        #expect(code(folder.path + "/none") == ENOENT)
        #expect(try code(file("plain", "#!/bin/sh\n", 0o600)) == EACCES)
        // No shell steps in for a script that doesn't name one.
        #expect(try code(file("text", "exit 0\n", 0o700)) == ENOEXEC)
        #expect(try code(file("lost", "#!/no/such/interpreter\n", 0o700)) == ENOENT)
        let busy = try file("busy", "#!/bin/sh\n", 0o700)
        let writer = open(busy, O_WRONLY)
        defer { close(writer) }
        #expect(code(busy) == ETXTBSY)
    }
}
