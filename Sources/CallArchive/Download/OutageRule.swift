import Platform

/// When failures of single recordings mean that it is not about them; a pure value.
///
/// | in a row, without any answer of use between them | means |
/// |---|---|
/// | 3 media refused (401, 403) | the credentials are no good any more |
/// | 16 recordings given up for want of a connection | the provider can't be reached |
struct OutageRule: Equatable {
    static let refusals = 3
    static let unreachable = 16

    private static let connectionCodes: Set<String> = [
        "connect", "connect-timeout", "resolve", "tls", "certificate", "ca-file",
    ]

    private var refusedInARow = 0
    private var unreachableInARow = 0

    /// A recording came through.
    mutating func succeeded() {
        refusedInARow = 0
        unreachableInARow = 0
    }

    /// A recording was given up; the error that ends the run, when it is time.
    mutating func gaveUp(code: String, message: String, wasRefused: Bool) -> ArchiveError? {
        refusedInARow = wasRefused ? refusedInARow + 1 : 0
        unreachableInARow = Self.connectionCodes.contains(code) ? unreachableInARow + 1 : 0
        if refusedInARow >= Self.refusals {
            return ArchiveError(
                .refused, "cannot download recordings",
                why: "\(Self.refusals) in a row were refused: \(message)",
                hint: "check that the token and secret are still valid and belong to this user id")
        }
        if unreachableInARow >= Self.unreachable {
            return ArchiveError(
                .unreachable, "cannot download recordings",
                why: "\(Self.unreachable) in a row found no connection: \(message)",
                hint: "check the network and the provider's status; the next run goes on from here")
        }
        return nil
    }
}
