/// A text that must never be shown: its description, debug description and mirror are redacted.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var isEmpty: Bool { text.isEmpty }
    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The text itself; call it only where it goes on the wire.
    package func reveal() -> String { text }
}
