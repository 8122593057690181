import Testing

@testable import Platform

struct DigesterTests {
    /// FIPS 180-2, appendix B.1.
    private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func `a text's hash is the one that the standard gives`() {
        #expect(Digester.sha256Hex("abc") == Self.abc)
        #expect(Digester.sha256Hex("abc", digits: 32) == String(Self.abc.prefix(32)))
        #expect(Digester.sha256Hex("abc", digits: 0).isEmpty)
        #expect(Digester.sha256Hex("").hasPrefix("e3b0c44298fc1c14"))
    }

    @Test func `a snapshot leaves the hash as it is, and a reset forgets all`() {
        let digester = Digester()
        digester.update(Array("ab".utf8))
        let half = digester.snapshot()
        digester.update(Array("c".utf8))
        #expect(digester.finish().map(Hex.text) == Self.abc)
        for _ in 0..<2 {
            digester.reset()
            digester.update(Array("abc".utf8))
            #expect(digester.finish().map(Hex.text) == Self.abc)
        }
        digester.reset()
        digester.update(Array("ab".utf8))
        #expect(digester.finish() == half)
    }
}
