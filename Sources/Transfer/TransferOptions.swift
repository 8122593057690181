/// What holds for all transfers of a run.
package struct TransferOptions: Sendable {
    package var connectTimeout = Duration.seconds(30)
    package var stallTimeout = Duration.seconds(30)
    /// PEM bundle in place of the system's.
    package var caFile: String?
    package var userAgent = "callarchive"
    /// Bytes per read from the socket, and of each transfer's buffer. More make small bodies
    /// dearer, since it is made anew for each unless it is the usual one.
    package var bufferSize = Self.usualBufferSize
    /// The same for large bodies, which it makes cheaper.
    package var largeBufferSize = 128 << 10
    /// Shared by all lanes of a run; nil for no limit.
    package var limit: ByteRateLimit?

    package init() {}

    /// Of buffers that are kept from one transfer to the next.
    static let usualBufferSize = 64 << 10
}

extension TransferOptions {
    /// Memory for the buffers of large bodies, all together.
    private static let largeBuffers = 2 << 20

    /// Sets the limit, and what is read at once: so many bytes that one round of all transfers
    /// takes about a tenth of a second, and so few that many at once don't fill the memory.
    package mutating func setLimit(_ bytesPerSecond: Int64?, concurrency: Int) {
        let concurrency = max(1, concurrency)
        guard let bytesPerSecond else {
            limit = nil
            largeBufferSize = max(
                bufferSize, min(largeBufferSize, Self.largeBuffers / concurrency))
            return
        }
        limit = ByteRateLimit(bytesPerSecond: bytesPerSecond)
        bufferSize = min(bufferSize, max(1024, Int(bytesPerSecond) / 10 / concurrency))
        largeBufferSize = bufferSize
    }
}
