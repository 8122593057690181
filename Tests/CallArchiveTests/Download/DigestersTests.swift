import Platform
import Testing

@testable import CallArchive

struct DigestersTests {
    @Test func `one that was given back is used again, and forgets its last bytes`() {
        let digesters = Digesters()
        let first = digesters.take()
        first.update(Array("the bytes of another".utf8))
        digesters.giveBack(first)
        let second = digesters.take()
        #expect(first === second)
        #expect(digesters.take() !== second)
        second.reset()
        second.update(Array("abc".utf8))
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(second.finish().map(Hex.text) == expected)
        #expect(Digester.sha256Hex("abc") == expected)
        #expect(Digester.sha256Hex("abc", digits: 32) == String(expected.prefix(32)))
    }
}
