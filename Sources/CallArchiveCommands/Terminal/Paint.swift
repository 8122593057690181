/// Colours words on a terminal; elsewhere it leaves them as they are.
package struct Paint: Sendable {
    /// What a colour says; the raw value is the terminal's code.
    package enum Ink: String, Sendable {
        case bad = "1;31"
        case doubtful = "1;33"
        case good = "32"
    }

    private let isOn: Bool

    package init(isOn: Bool) {
        self.isOn = isOn
    }

    package static let none = Paint(isOn: false)

    package func callAsFunction(_ text: String, _ ink: Ink?) -> String {
        guard isOn, let ink else { return text }
        return "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m"
    }
}

extension Surroundings {
    /// Whether colour is wanted on a stream that is a terminal or not.
    package func hasColour(terminal: Bool) -> Bool {
        terminal && variable("NO_COLOR") == nil && variable("TERM") != "dumb"
    }
}

extension CommandContext {
    /// For standard output.
    package var paint: Paint {
        Paint(isOn: surroundings.hasColour(terminal: surroundings.standardOutputIsTerminal))
    }

    /// Columns for what is shown on standard output; nil for no terminal.
    package var outputWidth: Int? {
        surroundings.standardOutputIsTerminal ? width(.output) : nil
    }
}
