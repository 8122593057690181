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
        #expect(second.finish().map(Hex.text) == Digester.sha256Hex("abc"))
    }
}
