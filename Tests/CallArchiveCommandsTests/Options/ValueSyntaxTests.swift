import CallArchive
import CallArchiveCommands
import Platform
import Testing
import Transfer

struct ValueSyntaxTests {
    private func value<Value>(_ syntax: ValueSyntax<Value>, _ text: String) -> Value? {
        try? syntax.parse(text)
    }

    @Test(
        arguments: [
            ("0", 0), ("512", 512), ("64K", 64 << 10), ("64k", 64 << 10), ("10M", 10 << 20),
            ("2G", 2 << 30), ("1T", 1 << 40), ("3KiB", 3 << 10), ("3mib", 3 << 20),
            ("", nil), ("K", nil), ("1.5G", nil), ("1KB", nil), ("1B", nil), ("-1", nil),
            ("1 K", nil),
            ("0x10", nil), ("9223372036854775807", nil), ("9223372036854775806", Int64.max - 1),
            ("8388608T", nil), ("99999999999999999999", nil), ("12iB", nil), ("１", nil),
        ] as [(String, Int64?)])
    func `sizes are powers of 1024`(text: String, expected: Int64?) {
        #expect(value(.size(atLeast: 0), text) == expected)
    }

    @Test(
        arguments: [
            ("0", 0), ("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1h30m", 5400),
            ("1d2h3m4s", 93784), ("0s", 0), ("3650d", 3650 * 86400),
            ("", nil), ("90", nil), ("s", nil), ("1m1h", nil), ("1s1s", nil), ("-1s", nil),
            ("1.5h", nil), ("3651d", nil), ("9999999999s", nil), ("1 h", nil), ("1S", nil),
        ] as [(String, Int?)])
    func `durations have units`(text: String, expected: Int?) {
        #expect(value(.duration(atLeast: .zero), text) == expected.map { .seconds($0) })
    }

    @Test(
        arguments: [
            ("auto", .auto), ("none", RequestRate.none), ("20/s", .perSecond(20)),
            ("60/m", .perSecond(1)), ("0.5/s", .perSecond(0.5)), ("3600/h", .perSecond(1)),
            ("", nil), ("20", nil), ("20/", nil), ("/s", nil), ("0/s", nil), ("-1/s", nil),
            ("1e3/s", nil), ("inf/s", nil), ("nan/s", nil), ("20/d", nil), ("1/2/s", nil),
            ("1./s", nil),
            ("100001/s", nil),
        ] as [(String, RequestRate?)])
    func `rates are a count over a time`(text: String, expected: RequestRate?) {
        #expect(value(.requestRate, text) == expected)
    }

    @Test(
        arguments: [
            ("1", 1), ("256", 256), ("+4", 4), ("016", 16), ("0", nil), ("257", nil), ("-1", nil),
            ("", nil), ("1.0", nil), ("sixteen", nil), ("99999999999999999999", nil), (" 1", nil),
        ] as [(String, Int?)])
    func `whole numbers have a range`(text: String, expected: Int?) {
        #expect(value(.integer(1...256), text) == expected)
    }

    @Test(
        arguments: [
            ("2013-02-08", 1_360_281_600_000), ("2013-02-08T13:15:47Z", 1_360_329_347_000),
            ("2013-02-08T14:15:47+01:00", 1_360_329_347_000), ("yesterday", nil),
            ("2013-02-30", nil),
            ("08.02.2013", nil),
        ] as [(String, Int64?)])
    func `moments are dates or times`(text: String, expected: Int64?) {
        #expect(value(.moment, text)?.milliseconds == expected)
    }

    @Test(
        arguments: [
            ("1", true), ("true", true), ("TRUE", true), ("yes", true), ("on", true), ("0", false),
            ("false", false), ("no", false), ("off", false), ("2", nil), ("", nil), ("y", nil),
        ] as [(String, Bool?)])
    func `flags take 1 or 0 and what people write for it`(text: String, expected: Bool?) {
        #expect(value(.boolean, text) == expected)
    }

    @Test(
        arguments: [
            ("media.example.com", "media.example.com", nil),
            ("MEDIA.example.com:8443", "media.example.com", 8443),
            ("[2001:DB8::1]:80", "2001:db8::1", 80), ("10.0.0.1", "10.0.0.1", nil),
            ("a_b.example.", "a_b.example.", nil),
        ] as [(String, String, Int?)])
    func `media hosts may have a port`(text: String, host: String, port: Int?) {
        #expect(value(.mediaHost, text) == MediaHost(host: host, port: port))
    }

    @Test(arguments: [
        "https://media.example.com", "media.example.com/x", "", ":80", "a:", "a:0", "a:65536",
        "a:+1", "a..b", "-a", "[::1", "[zz::1]", "2001:db8::1", "user@host", "hö.example", "a b",
    ])
    func `what is no host is refused`(text: String) {
        #expect(value(.mediaHost, text) == nil)
    }
}
