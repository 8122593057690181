import CLinux
import Glibc

/// A program that was started, in a process group of its own; owned by one thread.
///
/// It gets its input as a file that is all there, /dev/null as standard output, a pipe to us as
/// standard error, no other descriptor, the default signal handlers and an empty signal mask. No
/// shell is involved. Once it has ended it must be reaped.
package final class ChildProcess {
    /// How it ended.
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let id: Int32
    /// Readable when the process has ended; nil where the kernel has no pidfd.
    private let end: Held?
    private var errors: Held?
    private var ending: Ending?

    /// A descriptor that may be there or not.
    private final class Held {
        let descriptor: Descriptor

        init(_ number: Int32) {
            descriptor = Descriptor(owning: number)
        }
    }

    /// `program` is a path; it gets `arguments` behind its name. `path` of an error is `program`.
    package init(
        _ program: String, arguments: [String], environment: [String: String], input: [UInt8]
    ) throws(SystemCallError) {
        let input = try Self.file(input)
        let ends = try Self.pipe()
        errors = Held(ends.reader)
        let writing = Descriptor(owning: ends.writer)
        id = try Self.spawn(
            program, [program] + arguments, environment.map { "\($0.key)=\($0.value)" },
            input: input.number, errors: writing.number)
        let number = clinux_pidfd_open(id)
        end = number >= 0 ? Held(number) : nil
    }

    deinit {
        guard ending == nil else { return }
        // An owner that lets go of a running process wants no more of it.
        kill(-id, SIGKILL)
        var status: Int32 = 0
        // The status outlives the call.
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    }

    /// What can be waited for: the process's end and its words.
    package var descriptors: [Int32] {
        var numbers: [Int32] = []
        if let number = end?.descriptor.number { numbers.append(number) }
        if let number = errors?.descriptor.number { numbers.append(number) }
        return numbers
    }

    /// Its end wakes who waits for `descriptors`.
    package var endWakes: Bool { end != nil }

    /// Hands over what it has written to standard error by now.
    package func readErrors(_ take: (UnsafeRawBufferPointer) -> Void) {
        guard let number = errors?.descriptor.number else { return }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        // A bound: somebody who never stops writing must not keep us here.
        for _ in 0..<16 {
            // The buffer outlives the call.
            let count = unsafe read(number, &buffer, buffer.count)
            if count > 0 {
                unsafe buffer.withUnsafeBytes { bytes in
                    unsafe take(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                }
            } else if count < 0, errno == EINTR {
                continue
            } else {
                if count == 0 || errno != EAGAIN { errors = nil }
                return
            }
        }
    }

    /// Sends a signal to its process group, unless it was reaped.
    package func signal(_ number: Int32) {
        // Not reaped yet, so that nobody else can have its number.
        if ending == nil { kill(-id, number) }
    }

    /// How it ended; nil while it runs. With `endingGroup`, what is left of its group is killed.
    package func reap(endingGroup: Bool = false) -> Ending? {
        if let ending { return ending }
        var info = unsafe siginfo_t()
        // The structure outlives the call; si_pid stays 0 while the process runs.
        let code = unsafe waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT)
        if code != 0, errno == ECHILD {
            // Reaped by somebody else: how it ended nobody knows, so it counts as failed.
            ending = .exited(255)
            return ending
        }
        guard code == 0, unsafe info._sifields._sigchld.si_pid != 0 else { return nil }
        if endingGroup { kill(-id, SIGKILL) }
        var status: Int32 = 0
        // The status outlives the call.
        while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        let result: Ending =
            signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
        ending = result
        return result
    }

    // MARK: - Starting

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String], input: Int32,
        errors: Int32
    ) throws(SystemCallError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        var all = sigset_t()
        // All of these outlive the calls that fill and use them.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Libraries open sockets of their own that are not close-on-exec.
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        // Owned here: freed below.
        var argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var envp = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe argv.indices { unsafe free(argv[index]) }
            for index in unsafe envp.indices { unsafe free(envp[index]) }
        }
        var id: pid_t = 0
        let code = unsafe posix_spawn(&id, program, &actions, &attributes, &argv, &envp)
        guard code == 0 else {
            throw SystemCallError(call: "run", path: program, errno: code)
        }
        return id
    }

    /// An unnamed file with these bytes, to be read from its start.
    private static func file(_ bytes: [UInt8]) throws(SystemCallError) -> Descriptor {
        // The name is lent for the call.
        let number = unsafe memfd_create("entry", UInt32(CLINUX_MFD_CLOEXEC))
        guard number >= 0 else {
            throw SystemCallError(call: "make", path: "a file in memory", errno: errno)
        }
        let file = Descriptor(owning: number)
        try Kernel().write(file.number, bytes, naming: "a file in memory")
        lseek(file.number, 0, SEEK_SET)
        return file
    }

    /// Reading never waits; writing does, as programs expect.
    private static func pipe() throws(SystemCallError) -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        // Two descriptors are written to an array of two.
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else {
            throw SystemCallError(call: "make", path: "a pipe", errno: errno)
        }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }
}
