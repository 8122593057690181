import Glibc
import Platform

/// A file's bytes as memory, so that a large manifest is read without holding it.
///
/// The file must not be shortened meanwhile: only for files that are replaced as a whole, under
/// the archive's lock. Its pages are the kernel's to drop.
@safe
struct MappedFile: ~Copyable {
    // Owned: unmapped in deinit. nil for an empty file, which can't be mapped.
    private let address: UnsafeMutableRawPointer?
    let count: Int

    init(
        _ descriptor: borrowing Descriptor, size: Int64, naming path: String
    ) throws(SystemCallError) {
        count = Int(clamping: size)
        guard count > 0 else {
            unsafe address = nil
            return
        }
        let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
        guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
            throw SystemCallError(call: "map", path: path, errno: errno)
        }
        // Advice only.
        _ = unsafe madvise(mapped, count, MADV_SEQUENTIAL)
        unsafe address = mapped
    }

    deinit {
        if let address = unsafe address { unsafe munmap(address, count) }
    }

    /// Lends the bytes to `body`.
    borrowing func read<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The mapping stands as long as this value, which outlives the call.
        let buffer = unsafe UnsafeRawBufferPointer(start: address, count: count)
        return try unsafe body(Span(_bytes: RawSpan(_unsafeBytes: buffer)))
    }
}
