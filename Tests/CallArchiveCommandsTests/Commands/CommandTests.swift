import Testing

/// Whole commands, one after the other: each watches this process's signals while it runs.
@Suite(.serialized)
enum CommandTests {}
