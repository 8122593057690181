internal import Glibc

/// The listening socket.
struct Listener: Sendable {
    let descriptor: Int32
    let port: UInt16

    init(address: String, port wanted: UInt16) throws(SimulatorError) {
        let isIPv6 = address.utf8.contains(UInt8(ascii: ":"))
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, type, 0)
        if descriptor < 0 { throw .system(call: "socket", code: errno) }
        var on: Int32 = 1
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        do throws(SimulatorError) {
            port =
                isIPv6
                ? try Self.bind6(descriptor, address, wanted)
                : try Self.bind4(descriptor, address, wanted)
            if listen(descriptor, 1024) != 0 { throw .system(call: "listen", code: errno) }
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func bind4(
        _ descriptor: Int32, _ address: String, _ port: UInt16
    ) throws(SimulatorError) -> UInt16 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, address, &name.sin_addr) == 1,
            UInt32(bigEndian: name.sin_addr.s_addr) >> 24 == 127
        else { throw .invalid("'\(address)' is no loopback address") }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        if !done { throw .system(call: "bind", code: errno) }
        return UInt16(bigEndian: name.sin_port)
    }

    private static func bind6(
        _ descriptor: Int32, _ address: String, _ port: UInt16
    ) throws(SimulatorError) -> UInt16 {
        guard address == "::1" else { throw .invalid("'\(address)' is no loopback address") }
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        unsafe inet_pton(AF_INET6, address, &name.sin6_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let done = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        if !done { throw .system(call: "bind", code: errno) }
        return UInt16(bigEndian: name.sin6_port)
    }
}
