/// Whose manifest it is, read from the members before its entries; also from a torn one.
struct ManifestOwner: Sendable, Equatable {
    var schema: String?
    var provider: String?
    var account: String?

    init(_ bytes: Span<UInt8>) {
        do throws(JSONError) {
            try read(bytes)
        } catch {
            // What came before the tear is known.
        }
        // Written before any provider had answered for the account.
        if account?.isEmpty == true { account = nil }
        if provider?.isEmpty == true { provider = nil }
    }

    private mutating func read(_ bytes: Span<UInt8>) throws(JSONError) {
        var cursor = JSONCursor()
        cursor.skipByteOrderMark(bytes)
        guard try cursor.enterObject(bytes) else { return }
        repeat {
            let key = try cursor.key(bytes)
            if key.equals("recordings", in: bytes) { return }
            let text = try cursor.value(bytes).string(in: bytes)
            switch key.string(in: bytes) {
            case "schema": schema = text
            case "provider": provider = text
            case "account": account = text
            default: break
            }
        } while try cursor.hasNextMember(bytes)
    }
}
