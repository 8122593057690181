/// Whether writing past the page cache goes well; a pure value.
///
/// A disk that seeks, or a share that answers each write by itself, takes many small writes of many
/// files badly, and the cache puts them in order. That shows in the time of each piece: twelve at
/// once that take 50 ms each are 60 MB/s.
struct DirectWritingRule: Sendable {
    private static let slow: Int64 = 50_000_000
    /// So many more slow pieces than quick ones end it: a short stall holds all transfers once.
    private static let patience = 48

    private(set) var isOn = true
    private var balance = 0

    mutating func refused() {
        isOn = false
    }

    mutating func wrote(in time: Int64) {
        balance = time > Self.slow ? balance + 1 : max(0, balance - 1)
        if balance >= Self.patience { isOn = false }
    }
}
