import FoundationEssentials
import Glibc
import Testing

/// What the pacer reaches of what a provider grants, in virtual time.
struct PacingSimulationTests {
    /// At 1/s twenty seconds are twenty requests: too few to learn a window from.
    private func span(_ limit: SimulatedLimit) -> (learning: Int, end: Int) {
        switch limit.rate {
        case 1: (120, 1200)
        case 20: (20, 320)
        default: (20, 120)
        }
    }

    @Test(arguments: SimulatedLimit.all)
    func `95 of 100 granted requests are used, at most 3 of 100 refused`(limit: SimulatedLimit) {
        let (learning, end) = span(limit)
        let result = PacingSimulation(limit: limit).run(learning: learning, end: end)
        let share = Double(result.granted) / Double(limit.rate * (end - learning))
        let refused = Double(result.refused) / Double(result.granted + result.refused)
        #expect(share >= 0.95 && share <= 1.01, "\(limit.testDescription): \(share)")
        #expect(refused <= 0.03, "\(limit.testDescription): \(refused)")
        if let folder = ProcessInfo.processInfo.environment["PACING_TRACE"] {
            trace(limit, result, share, refused, into: folder)
        }
    }

    /// Two lines for Scripts/bench/plots.py: the case, then granted, refused and rate by second.
    private func trace(
        _ limit: SimulatedLimit, _ result: PacingSimulation.Result, _ share: Double,
        _ refused: Double, into folder: String
    ) {
        let rows = result.seconds.map { "\($0.granted),\($0.refused),\($0.rate ?? 0)" }
        let name =
            "\(limit.rate)-\(limit.window)-\(limit.reset)-\(Int(limit.latency * 1000)).csv"
        let text =
            "# share \(share) refused \(refused)\ngranted,refused,rate\n"
            + rows.joined(separator: "\n") + "\n"
        do {
            try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
        } catch {
            Issue.record("\(error)")
        }
    }
}
