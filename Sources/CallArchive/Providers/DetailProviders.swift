package import Transfer

/// One page of a provider's list of calls.
package struct CallPage: Sendable, Equatable {
    package var calls: [ListedCall]
    /// Rows that name no call; nothing is lost with them but a detail.
    package var unreadable = 0

    package init(calls: [ListedCall] = []) {
        self.calls = calls
    }

    /// Rows the provider sent, readable or not.
    package var rowCount: Int { calls.count + unreadable }
}

/// Why an answer is not what was asked for.
package struct UnusableAnswer: Error, Sendable, Equatable {
    package var reason: String

    package init(reason: String) {
        self.reason = reason
    }
}

/// An ability that a provider may have: its account's calls in bulk.
///
/// Stateless; every method may be called from any thread.
package protocol CallProvider: Sendable {
    /// Where the list begins.
    func firstPage() -> PageCursor
    /// Reads a successful answer to the page's request.
    func read(
        _ response: Response, at cursor: PageCursor
    ) throws(UnusableAnswer) -> (page: CallPage, then: PageContinuation)
    /// The id of the call that a recording's `call` names; nil when it names none.
    func callID(of call: String) -> String?
}

/// An ability that a provider may have: texts of what was said in recordings.
///
/// Stateless; every method may be called from any thread. Reads only: making one costs money.
package protocol TranscriptionProvider: Sendable {
    /// Where a recording's transcriptions are listed; nil when its id fits in no URL.
    func list(of recording: String) -> HTTPURL?
    /// Reads a successful answer to that request.
    func read(_ response: Response) throws(UnusableAnswer) -> [ListedTranscription]
}

extension RecordingProvider {
    package var calls: (any CallProvider)? { nil }
    package var transcriptions: (any TranscriptionProvider)? { nil }
}
