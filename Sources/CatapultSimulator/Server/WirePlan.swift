/// What happens to a response on its way out.
struct WirePlan: Sendable {
    /// How a connection ends that is not kept.
    enum Ending: Sendable, Equatable {
        /// FIN in both directions.
        case close
        /// RST.
        case reset
        /// FIN from us only; the client's side is read until it goes.
        case halfClose
    }

    /// Nothing is sent at all.
    var endsBeforeHeaders: Ending?
    /// RST after half of the header.
    var resetsInHeaders = false
    /// Seconds before the status line.
    var stallBeforeHeaders = 0.0
    /// Sent before the status line.
    var interim: [UInt8] = []
    /// Sent in place of the status line and the headers.
    var rawHead: [UInt8]?
    /// Bytes of the body after which the connection ends so.
    var cut: (at: Int64, ending: Ending)?
    /// Bytes of the body after which nothing is sent for some seconds.
    var stall: (at: Int64, seconds: Double)?
    /// Bytes of body a second.
    var bytesPerSecond: Int64?
    /// Bytes after the end of the body.
    var surplus = 0
    /// The connection is closed after this response.
    var closes = false
}
