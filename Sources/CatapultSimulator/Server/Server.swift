internal import Glibc

/// Accepts connections and gives each a thread of its own.
final class Server: Sendable {
    private struct State {
        var connections: [Int: Connection] = [:]
        var accepted = 0
        var isStopping = false
        var acceptor: Thread?
    }

    let service: Service
    private let listener: Listener
    private let stop: StopSignal
    private let tls: TLSContext?
    private let state = Guarded(State())

    init(_ configuration: Configuration) throws(SimulatorError) {
        switch (configuration.tlsCertificate, configuration.tlsKey) {
        case (let certificate?, let key?): tls = try TLSContext(certificate: certificate, key: key)
        case (nil, nil): tls = nil
        default: throw .invalid("TLS needs a certificate and a key")
        }
        stop = try StopSignal()
        listener = try Listener(address: configuration.address, port: configuration.port)
        do throws(SimulatorError) {
            service = try Service(configuration, port: listener.port)
        } catch {
            close(listener.descriptor)
            throw error
        }
    }

    func start() throws(SimulatorError) {
        let thread = try Thread { self.acceptAll() }
        state.withLock { $0.acceptor = thread }
    }

    /// Connections accepted since the start.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Closes everything and returns when all threads are done; a second call does nothing.
    func shutDown() {
        let (acceptor, wasStopping) = state.withLock { state in
            let result = (state.acceptor, state.isStopping)
            state.acceptor = nil
            state.isStopping = true
            return result
        }
        if wasStopping { return }
        stop.raise()
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
        acceptor?.join()
        close(listener.descriptor)
        state.withLock { state in
            for connection in state.connections.values { connection.socket.wakeUp() }
        }
        while state.withLock({ !$0.connections.isEmpty }) { usleep(500) }
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener.descriptor, nil, nil)
            if descriptor < 0 {
                if state.withLock({ $0.isStopping }) { return }
                // Out of descriptors, or a client that was gone at once.
                usleep(1000)
                continue
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let connection = state.withLock { state in
                state.accepted += 1
                let connection = Connection(
                    number: state.accepted, socket: ClientSocket(descriptor: descriptor),
                    service: service, stop: stop, tls: tls)
                state.connections[state.accepted] = connection
                return connection
            }
            do throws(SimulatorError) {
                try Thread { self.serve(connection) }.detach()
            } catch {
                finish(connection)
            }
        }
    }

    private func serve(_ connection: Connection) {
        connection.run()
        finish(connection)
    }

    private func finish(_ connection: Connection) {
        // Closed under the lock: `shutDown` must not wake a descriptor that is another's by then.
        state.withLock { state in
            connection.socket.close()
            state.connections[connection.number] = nil
        }
    }
}
