import CallArchive
import Testing

struct PartyMaskTests {
    @Test(arguments: [
        ("+19195551234", "…34"), ("9195551234", "…34"), ("sip:ann@example.com", "…"),
        ("911", "…"), ("", "…"),
    ])
    func `a party is told by its last two digits at most`(party: String, masked: String) {
        #expect(PartyMask.party(party) == masked)
    }

    @Test(arguments: [
        ("call from +19195551234 failed", "call from …34 failed"),
        ("(919) 555-1234", "(…34"),
        ("no user sip:ann@example.com here", "no user … here"),
        ("answered 503: media-unavailable", "answered 503: media-unavailable"),
        ("status 429, 12 s", "status 429, 12 s"),
        ("1 2 3 4 5 6 7", "…67"),
        ("+1-919-555-1234, +1 919 555 9876", "…34, …76"),
        ("no route to 192.168.100.200 port 443", "no route to 192.168.100.200 port 443"),
    ])
    func `numbers and addresses in a text are masked, the rest stays`(
        text: String, masked: String
    ) {
        #expect(PartyMask.words(text) == masked)
    }

    @Test func `details of a call are told without its parties`() {
        let details = CallDetails(from: "+19195551234", to: "+19195559876", direction: "in")
        #expect(details.masked == "in, from …34 to …76")
        #expect(CallDetails().masked == "direction unknown, from unknown to unknown")
    }
}
