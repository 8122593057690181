/// What was typed, sorted but not understood: the command, its options, its operands.
package struct RawInvocation: Sendable {
    package struct TypedOption: Sendable {
        package let spec: OptionSpec
        /// "1" for a flag that stands alone.
        package let text: String
        /// As typed, `-q` or `--quiet`.
        package let flag: String
    }

    /// nil: the command line names none.
    package var command: Command?
    package var options: [TypedOption] = []
    /// ARCHIVE, or help's COMMAND; at most one.
    package var operand: String?

    package func has(_ name: String) -> Bool {
        options.contains { $0.spec.name == name && $0.text == "1" }
    }
}
