/// Where a response goes; called on the lane's queue, one call at a time.
package protocol ResponseSink: AnyObject, Sendable {
    /// The final response's head is there, before the first byte; false refuses the rest.
    func begin(_ head: ResponseHead) -> Bool
    /// The next bytes of the body; false refuses the rest.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// The transfer is over; called once, also without `begin`.
    func end(_ error: TransferError?)
}

/// One request to make.
package struct TransferRequest: Sendable {
    package var url: HTTPURL
    /// Sent as Basic auth; the caller has checked that the origin may have them.
    package var credentials: Credentials?
    /// Further fields, each "Name: value" without control characters.
    package var headers: [String]
    /// Sent by POST; nil for a GET.
    package var body: [UInt8]?
    /// Lets the server compress the body, undone before the sink sees it.
    package var acceptsCompression = false
    /// Many bytes are expected: the larger buffer pays.
    package var isLarge: Bool

    package init(
        url: HTTPURL, credentials: Credentials? = nil, headers: [String] = [], isLarge: Bool = false
    ) {
        self.url = url
        self.credentials = credentials
        self.headers = headers
        self.isLarge = isLarge
    }
}

/// What a lane asks its work from; called from all lanes at once.
package protocol TransferSource: AnyObject, Sendable {
    /// The next transfer for lane `lane`, which runs `active` at the moment.
    func next(lane: Int, active: Int) -> NextTransfer
}

package enum NextTransfer {
    case start(TransferRequest, any ResponseSink)
    /// Nothing now; ask again at that monotonic time (ns), or when woken.
    case wait(until: Int64?)
    /// Nothing ever again.
    case finished
}
