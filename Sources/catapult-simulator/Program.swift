internal import CatapultSimulator
internal import Glibc

/// The simulator as a program: options in, base URL out, then it serves until it is told to end.
enum Program {
    static func main() {
        do throws(SimulatorError) {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.contains("--help") || arguments.contains("-h") {
                write(Options.help, to: STDOUT_FILENO)
                return
            }
            var configuration = Configuration()
            if let token = environment("CATAPULT_SIMULATOR_TOKEN") { configuration.token = token }
            if let secret = environment("CATAPULT_SIMULATOR_SECRET") {
                configuration.secret = secret
            }
            try Options.apply(arguments, to: &configuration)
            try serve(configuration)
        } catch {
            write("catapult-simulator: \(error)\n", to: STDERR_FILENO)
            if case .invalid = error { exit(2) }
            exit(1)
        }
    }

    private static func serve(_ configuration: Configuration) throws(SimulatorError) {
        // Blocked before there is a second thread, so that only `sigwait` ever sees them.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)

        let simulator = try Simulator(configuration: configuration)
        try simulator.start()
        write(simulator.baseURL + "\n", to: STDOUT_FILENO)
        var signal: Int32 = 0
        unsafe sigwait(&signals, &signal)
        simulator.stop()
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
    }
}
