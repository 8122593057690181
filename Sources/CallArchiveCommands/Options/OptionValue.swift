/// A field of the options, to be set from any thread.
package typealias OptionField<Value> = any WritableKeyPath<Options, Value> & Sendable

/// What an option takes and where it puts it: the typed end of a table row.
package struct OptionValue: Sendable {
    /// What a shell may offer for it.
    package enum Shape: Sendable, Equatable {
        case flag
        case choice([String])
        case file
        case text
    }

    package let shape: Shape
    /// As in `--page-size N`; empty for flags.
    package let placeholder: String
    /// The end of "give …" in a hint.
    package let expected: String
    /// Parses one text and stores what it means.
    package let store: @Sendable (inout Options, String) throws(ValueProblem) -> Void

    private init<Value>(
        _ syntax: ValueSyntax<Value>, placeholder: String?,
        put: @escaping @Sendable (inout Options, Value) -> Void
    ) {
        shape = syntax.shape
        self.placeholder = placeholder ?? syntax.placeholder
        expected = syntax.expected
        let parse = syntax.parse
        store = { (options, text) throws(ValueProblem) in
            put(&options, try parse(text))
        }
    }

    package static func value<Value>(
        _ syntax: ValueSyntax<Value>, _ placeholder: String? = nil,
        into field: OptionField<Value>
    ) -> OptionValue {
        OptionValue(syntax, placeholder: placeholder) { $0[keyPath: field] = $1 }
    }

    package static func value<Value>(
        _ syntax: ValueSyntax<Value>, _ placeholder: String? = nil,
        into field: OptionField<Value?>
    ) -> OptionValue {
        OptionValue(syntax, placeholder: placeholder) { $0[keyPath: field] = $1 }
    }

    /// One more element at each occurrence; the field's default must be empty.
    package static func element<Value>(
        _ syntax: ValueSyntax<Value>, _ placeholder: String? = nil,
        of field: OptionField<[Value]>
    ) -> OptionValue {
        OptionValue(syntax, placeholder: placeholder) { $0[keyPath: field].append($1) }
    }

    /// More elements at each occurrence; the field's default must be empty.
    package static func elements<Value>(
        _ syntax: ValueSyntax<[Value]>, of field: OptionField<[Value]>
    ) -> OptionValue {
        OptionValue(syntax, placeholder: nil) { $0[keyPath: field] += $1 }
    }

    package static func flag(_ field: OptionField<Bool>) -> OptionValue {
        OptionValue(.boolean, placeholder: nil) { $0[keyPath: field] = $1 }
    }

    /// A flag that chooses one value of a field; turned off, it takes back only its own choice.
    package static func flag<Value: Equatable & Sendable>(
        choosing value: Value, else other: Value,
        _ field: OptionField<Value>
    ) -> OptionValue {
        OptionValue(.boolean, placeholder: nil) { options, on in
            if on {
                options[keyPath: field] = value
            } else if options[keyPath: field] == value {
                options[keyPath: field] = other
            }
        }
    }
}

/// Why a text is no value of an option: "'sixteen' is not a whole number".
package struct ValueProblem: Error, Equatable {
    package let why: String
    /// Says more than the syntax's own `expected`.
    package let hint: String?

    package init(_ why: String, hint: String? = nil) {
        self.why = why
        self.hint = hint
    }
}
