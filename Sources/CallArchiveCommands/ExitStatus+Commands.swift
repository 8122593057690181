extension ExitStatus {
    /// Those that a command can end with, in the order of help, with what they mean there.
    package static func all(of command: Command) -> [ExitStatus] {
        let asking = [refused, unreachable, storage]
        let ends = [bug, interrupted, terminated]
        return switch command {
        case .sync:
            [success, usage, someFailed] + asking + [locked, budget] + ends
        case .list:
            [success.meaning("all that the provider has was listed"), usage] + asking + ends
        case .status:
            [
                success.meaning("the numbers are printed"), usage,
                someFailed.meaning(
                    "with --fail-at-risk: recordings are at risk, or that is not known"),
                storage,
            ] + ends
        case .verify:
            [
                success.meaning("no damage was found"), usage, storage, locked,
                damage.meaning("damage was found, also when --repair has queued it"),
                budget.meaning("--max-duration was reached; the next verify goes on from there"),
            ] + ends
        case .export:
            [success.meaning("all entries are printed"), usage, storage] + ends
        case .report:
            [success.meaning("the page is written"), usage, storage] + ends
        case .rebuild:
            [success.meaning("the catalog is made anew"), usage, storage, locked] + ends
        case .doctor:
            [success.meaning("nothing keeps a sync from its work"), usage] + asking + ends
        case .help: [success, usage]
        }
    }

    private func meaning(_ text: String) -> ExitStatus {
        ExitStatus(code: code, meaning: text)
    }
}
