import Glibc

/// What became of bytes that were to be written.
package enum WriteResult: Sendable, Equatable {
    case written
    /// Nobody reads any more, or the stream was never open.
    case closed
    /// An errno.
    case failed(Int32)
}

/// Takes bytes, all or none that count.
package typealias ByteSink = @Sendable ([UInt8]) -> WriteResult

/// Writes to a descriptor with plain `write(2)`, until all is written.
package func descriptorSink(_ descriptor: Int32) -> ByteSink {
    { bytes in
        var done = 0
        while done < bytes.count {
            // The buffer is lent for the call, and `done` is less than its count.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(
                    descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count >= 0 {
                done += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitUntilWritable(descriptor)
            case EPIPE, EBADF: return .closed
            default: return .failed(errno)
            }
        }
        return .written
    }
}

/// Somebody else may have set the shared descriptor to non-blocking.
private func waitUntilWritable(_ descriptor: Int32) {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // One structure, as the count says.
    _ = unsafe Glibc.poll(&poll, 1, 1000)
}
