import Glibc

/// Memory that begins and ends with a page, as writing past the page cache asks for.
///
/// One owner, one thread at a time; freed when it goes.
@safe package final class PageBuffer: @unchecked Sendable {
    // @unchecked: one thread at a time, as said above.

    /// What addresses, offsets and lengths are multiples of where the page cache is passed by.
    package static let alignment = 4096

    /// Freed in deinit.
    private let memory: UnsafeMutableRawPointer
    package let count: Int

    /// `count` bytes, a multiple of the alignment.
    package init(count: Int) {
        precondition(count > 0 && count.isMultiple(of: Self.alignment))
        self.count = count
        unsafe memory = .allocate(byteCount: count, alignment: Self.alignment)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Copies bytes in from `offset` on, no further than `end`; returns how many.
    package func put(_ bytes: UnsafeRawBufferPointer, at offset: Int, upTo end: Int) -> Int {
        precondition(offset >= 0 && offset <= end && end <= count)
        let length = min(bytes.count, end - offset)
        guard let base = bytes.baseAddress else { return 0 }
        unsafe (memory + offset).copyMemory(from: base, byteCount: length)
        return length
    }

    /// Some of the bytes; only what was put in has a meaning.
    package func withBytes<Failure: Error>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        try unsafe body(
            UnsafeRawBufferPointer(start: memory + range.lowerBound, count: range.count))
    }
}
