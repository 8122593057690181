import CLibCurl
import Glibc
import Platform
import Synchronization

/// libcurl's memory: glibc's, but blocks that it takes for each transfer anew are kept for the next
/// one where they are too large for the caches that glibc has for each thread.
///
/// For each of them the lanes would look into a heap, and wait for each other there; for each `calloc`
/// too, which in glibc 2.36 looks into no cache. 20,000 recordings of 16 KiB took 3 % more CPU so,
/// and with more heaps (`boundHeap`) 7 %.
enum CurlMemory {
    /// Of libcurl's functions; only before its first handle.
    static func initialize() -> CURLcode {
        unsafe curl_global_init_mem(
            clibcurl_global_default, takeBlock, giveBlock, resizeBlock, copyText, takeZeros)
    }

    /// Addresses between which all blocks lie that were ever kept; of what is elsewhere, as most is that
    /// libcurl gives back, nothing more need be asked. Signed: `min` of unsigned ones compares them as
    /// signed ones (Swift 6.3.1).
    private static let lowest = Atomic<Int>(.max)
    private static let highest = Atomic<Int>(0)

    /// glibc's caches of each thread have blocks up to here.
    private static let largestCached = 1032
    /// A request's state: 1,496 bytes in libcurl 7.88.
    static let states = kept(2048)
    /// A transfer's buffer, and the zero behind it.
    static let buffers = kept(TransferOptions.usualBufferSize + 1)

    private static func kept(_ size: Int) -> KeptBlocks {
        let blocks = KeptBlocks(of: size)
        lowest.min(Int(bitPattern: blocks.addresses.lowerBound), ordering: .relaxed)
        highest.max(Int(bitPattern: blocks.addresses.upperBound), ordering: .relaxed)
        return blocks
    }

    static func kind(for size: Int) -> KeptBlocks? {
        if size <= largestCached { return nil }
        if size <= states.size { return states }
        return size == buffers.size ? buffers : nil
    }

    static func kind(of block: UnsafeMutableRawPointer) -> KeptBlocks? {
        let address = Int(bitPattern: block)
        // A block's taker has seen the bounds that it is within.
        if address < lowest.load(ordering: .relaxed) || address >= highest.load(ordering: .relaxed)
        {
            return nil
        }
        if unsafe states.owns(block) { return states }
        return unsafe buffers.owns(block) ? buffers : nil
    }
}

// C callbacks: file-level functions.

func takeBlock(_ size: Int) -> UnsafeMutableRawPointer? {
    if let kept = CurlMemory.kind(for: size), let block = unsafe kept.take() {
        return unsafe block
    }
    return unsafe malloc(size)
}

func takeZeros(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
    let (bytes, isTooMuch) = count.multipliedReportingOverflow(by: size)
    guard !isTooMuch, let block = unsafe takeBlock(bytes) else { return nil }
    unsafe memset(block, 0, bytes)
    return unsafe block
}

func giveBlock(_ block: UnsafeMutableRawPointer?) {
    guard let block = unsafe block else { return }
    if let kept = unsafe CurlMemory.kind(of: block) {
        unsafe kept.giveBack(block)
    } else {
        unsafe free(block)
    }
}

func resizeBlock(_ block: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
    guard let block = unsafe block, let kept = unsafe CurlMemory.kind(of: block) else {
        return unsafe realloc(block, size)
    }
    if size <= kept.size { return unsafe block }
    guard let larger = unsafe takeBlock(size) else { return nil }
    unsafe memcpy(larger, block, kept.size)
    unsafe kept.giveBack(block)
    return unsafe larger
}

func copyText(_ text: UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>? {
    guard let text = unsafe text else { return nil }
    return unsafe strdup(text)
}
