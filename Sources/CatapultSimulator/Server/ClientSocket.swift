internal import CLibSSL
internal import Glibc

/// One accepted connection, plain or TLS. Used by its own thread only, but for `wakeUp`.
@safe
final class ClientSocket: @unchecked Sendable {
    // Unchecked: `descriptor` is fixed, `session` belongs to the connection's thread.
    private let descriptor: Int32
    private var session: OpaquePointer?
    private var isClosed = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The TLS handshake; false when it fails.
    func startTLS(_ context: TLSContext) -> Bool {
        unsafe session = context.newSession(descriptor)
        guard let session = unsafe session else { return false }
        return unsafe SSL_accept(session) == 1
    }

    /// Bytes read into the buffer; 0 at the end or after an error.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if let session = unsafe session {
            return max(0, Int(unsafe SSL_read(session, buffer.baseAddress, Int32(buffer.count))))
        }
        while true {
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count >= 0 { return count }
            if errno != EINTR { return 0 }
        }
    }

    /// Sends all of it; false when the other side is gone.
    func send(_ buffer: UnsafeRawBufferPointer) -> Bool {
        var sent = 0
        while sent < buffer.count {
            guard let base = buffer.baseAddress else { return false }
            let left = buffer.count - sent
            if let session = unsafe session {
                let count = unsafe SSL_write(session, base + sent, Int32(clamping: left))
                if count <= 0 { return false }
                sent += Int(count)
            } else {
                let count = unsafe Glibc.send(descriptor, base + sent, left, Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return false }
                sent += count
            }
        }
        return true
    }

    func send(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe send($0) }
    }

    /// FIN from this side. A TLS session that was cut is not told of its end.
    func endWriting(politely: Bool) {
        if politely, let session = unsafe session { unsafe SSL_shutdown(session) }
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// The close that follows will send RST.
    func setReset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Makes whatever waits on this socket return, from any thread.
    func wakeUp() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Called once, by the connection's thread, when nobody can reach the socket any more.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        if let session = unsafe session { unsafe SSL_free(session) }
        unsafe session = nil
        Glibc.close(descriptor)
    }
}
