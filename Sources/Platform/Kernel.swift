import CLinux
import Glibc

/// The system calls that the archive's safety rests on, each checked and retried on EINTR.
///
/// In debug builds a `KernelTrace` can record them and make the n-th one fail, so that a full
/// disk or a crash can be tested at every step; in release builds this is an empty value.
package struct Kernel: Sendable {
    #if DEBUG
        package var trace: KernelTrace?

        package init(trace: KernelTrace? = nil) {
            self.trace = trace
        }
    #else
        package init() {}
    #endif

    /// Opens below `folder` (AT_FDCWD for the working directory); always close-on-exec.
    package func open(
        at folder: Int32, _ path: String, flags: Int32, mode: UInt32 = 0o600,
        naming: @autoclosure () -> String
    ) throws(SystemCallError) -> Descriptor {
        let number = try check(.open, naming()) {
            // Given to C itself, the text would be copied to the heap first; so below.
            unsafe path.withCString { unsafe clinux_openat(folder, $0, flags | O_CLOEXEC, mode) }
        }
        return Descriptor(owning: Int32(number))
    }

    /// Writes all of `bytes` at the descriptor's position.
    package func write(
        _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        var rest = unsafe bytes
        while let base = rest.baseAddress, unsafe !rest.isEmpty {
            let count = try check(.write, naming()) {
                unsafe Glibc.write(descriptor, base, rest.count)
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Reads at `offset` into `buffer`; returns the count, 0 at the end.
    package func read(
        _ descriptor: Int32, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer,
        naming: @autoclosure () -> String
    ) throws(SystemCallError) -> Int {
        try check(.read, naming()) {
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
        }
    }

    /// Writes all of `bytes` at the descriptor's position.
    package func write(
        _ descriptor: Int32, _ bytes: [UInt8], naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        let path = naming
        try unsafe bytes.withUnsafeBufferPointer { bytes throws(SystemCallError) in
            try unsafe write(descriptor, UnsafeRawBufferPointer(bytes), naming: path())
        }
    }

    /// Reads at `offset` into all of `buffer`; returns the count, 0 at the end.
    package func read(
        _ descriptor: Int32, at offset: Int64, into buffer: inout [UInt8],
        naming: @autoclosure () -> String
    ) throws(SystemCallError) -> Int {
        let path = naming
        return try unsafe buffer.withUnsafeMutableBufferPointer { bytes throws(SystemCallError) in
            try unsafe read(
                descriptor, at: offset, into: UnsafeMutableRawBufferPointer(bytes), naming: path())
        }
    }

    /// Sets the file's length and the descriptor's position to `length`.
    package func truncate(
        _ descriptor: Int32, to length: Int64, naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        _ = try check(.truncate, naming()) { ftruncate(descriptor, off_t(length)) }
        _ = try check(.truncate, naming()) { lseek(descriptor, off_t(length), SEEK_SET) }
    }

    /// Makes one file or folder durable.
    package func fsync(
        _ descriptor: Int32, naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        _ = try check(.fsync, naming()) { Int(Glibc.fsync(descriptor)) }
    }

    /// Makes all of the file system durable that `descriptor` lies on.
    package func syncFileSystem(
        _ descriptor: Int32, naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        _ = try check(.fsync, naming()) { syncfs(descriptor) }
    }

    /// Has the kernel begin to write a range of a file to the disk, without waiting for it.
    ///
    /// A later sync has less left to do. It promises nothing, and what goes wrong the sync tells.
    package func startWriteback(_ descriptor: Int32, _ range: Range<Int64>) {
        // Advice: nothing follows from its failure.
        _ = sync_file_range(
            descriptor, off_t(range.lowerBound), off_t(range.upperBound - range.lowerBound),
            UInt32(CLINUX_SYNC_FILE_RANGE_WRITE))
    }

    /// Has writes to a file pass the page cache by, or not; false where that can't be had.
    package func setDirect(_ descriptor: Int32, _ isOn: Bool) -> Bool {
        fcntl(descriptor, F_SETFL, isOn ? Int32(CLINUX_O_DIRECT) : 0) == 0
    }

    /// Renames; with `replacing` false an existing target is EEXIST.
    package func rename(
        from: Int32, _ old: String, to: Int32, _ new: String, replacing: Bool,
        naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        let flags = replacing ? 0 : UInt32(CLINUX_RENAME_NOREPLACE)
        do throws(SystemCallError) {
            _ = try check(.rename, naming()) {
                unsafe old.withCString { old in
                    unsafe new.withCString { unsafe renameat2(from, old, to, $0, flags) }
                }
            }
        } catch {
            guard !replacing, error.errno == EINVAL || error.errno == ENOSYS else { throw error }
            // Some network file systems know no RENAME_NOREPLACE: a hard link refuses an
            // existing name just as atomically.
            _ = try check(.rename, naming()) { unsafe linkat(from, old, to, new, 0) }
            _ = try check(.unlink, naming()) { unsafe unlinkat(from, old, 0) }
        }
    }

    /// Removes a file, or an empty folder.
    package func remove(
        at folder: Int32, _ name: String, isFolder: Bool = false, naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        _ = try check(.unlink, naming()) {
            unsafe name.withCString { unsafe unlinkat(folder, $0, isFolder ? AT_REMOVEDIR : 0) }
        }
    }

    /// Makes a folder with mode 0700; an existing one is EEXIST.
    package func makeFolder(
        at folder: Int32, _ name: String, naming: @autoclosure () -> String
    ) throws(SystemCallError) {
        _ = try check(.makeFolder, naming()) { unsafe mkdirat(folder, name, 0o700) }
    }

    /// The status of `path` below `folder`, links not followed; nil when nothing is there.
    package func status(
        at folder: Int32, _ path: String, naming: @autoclosure () -> String
    ) throws(SystemCallError) -> FileStatus? {
        var result = stat()
        do throws(SystemCallError) {
            _ = try check(.status, naming()) {
                unsafe path.withCString {
                    unsafe fstatat(folder, $0, &result, AT_SYMLINK_NOFOLLOW)
                }
            }
        } catch {
            guard error.errno == ENOENT || error.errno == ENOTDIR else { throw error }
            return nil
        }
        return FileStatus(result)
    }

    /// The status of an open file.
    package func status(
        of descriptor: Int32, naming: @autoclosure () -> String
    ) throws(SystemCallError) -> FileStatus {
        var result = stat()
        _ = try check(.status, naming()) { unsafe fstat(descriptor, &result) }
        return FileStatus(result)
    }

    /// Bytes that an unprivileged writer has left on the file system of `descriptor`.
    package func freeBytes(
        _ descriptor: Int32, naming: @autoclosure () -> String
    ) throws(SystemCallError) -> Int64 {
        var result = statvfs()
        _ = try check(.status, naming()) { unsafe fstatvfs(descriptor, &result) }
        let bytes = UInt64(result.f_bavail).multipliedReportingOverflow(by: UInt64(result.f_frsize))
        return bytes.overflow ? .max : Int64(clamping: bytes.partialValue)
    }

    /// How many more files fit on the file system of `descriptor`; nil where that isn't limited.
    package func freeNames(
        _ descriptor: Int32, naming: @autoclosure () -> String
    ) throws(SystemCallError) -> Int64? {
        var result = statvfs()
        _ = try check(.status, naming()) { unsafe fstatvfs(descriptor, &result) }
        return result.f_files == 0 ? nil : Int64(clamping: result.f_favail)
    }

    /// Runs a call until it isn't interrupted; -1 becomes the error.
    private func check(
        _ call: SystemCall, _ path: @autoclosure () -> String, _ body: () -> Int
    ) throws(SystemCallError) -> Int {
        while true {
            #if DEBUG
                if let forced = trace?.willCall(call, path()) {
                    if forced == EINTR { continue }
                    throw SystemCallError(call: call.rawValue, path: path(), errno: forced)
                }
            #endif
            let result = body()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR {
                throw SystemCallError(call: call.rawValue, path: path(), errno: code)
            }
        }
    }

    private func check(
        _ call: SystemCall, _ path: @autoclosure () -> String, _ body: () -> Int32
    ) throws(SystemCallError) -> Int {
        try check(call, path()) { Int(body()) }
    }
}

/// The calls a trace can name; the raw value is the verb of the error text.
package enum SystemCall: String, Sendable, CaseIterable {
    case open, write, read, truncate, rename
    case fsync = "sync"
    case unlink = "remove"
    case makeFolder = "make the folder"
    case status = "look at"
}
